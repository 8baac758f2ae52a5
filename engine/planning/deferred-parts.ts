import {
  type DirectiveNode,
  type FieldNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
} from 'graphql';
import { activeDefer, labelOf, placeBelow } from '../../common/deferred-fragments.ts';
import { AppError } from '../../common/errors.ts';
import { isIncluded } from '../../common/selection-conditions.ts';
import { isPlanningDirective } from './conditions.ts';
import type { PlanBudget } from './plan-budget.ts';
import type { PlanRequest } from './planner.ts';
import type { DeferredPart } from './search-state.ts';

/** A fragment and its selections. */
interface Fragment {
  readonly condition: NamedTypeNode | undefined;
  readonly selections: readonly SelectionNode[];
}

/**
 * The parts that `@defer` splits an operation into. A part is identified by its directive, its enclosing part and its
 * response keys: a fragment spread in two places makes two parts.
 */
export class DeferredParts {
  /** The parts, each after its enclosing part. */
  readonly all: readonly DeferredPart[];
  /** The selections outside all deferred parts. */
  readonly primary: readonly SelectionNode[];
  private readonly known = new Map<string, Map<DirectiveNode, DeferredPart>>();
  private readonly found: DeferredPart[] = [];
  private readonly request: PlanRequest;
  private readonly budget: PlanBudget;

  /** Throws an AppError BAD_REQUEST when `@defer` is not allowed. */
  constructor(request: PlanRequest, budget: PlanBudget) {
    this.request = request;
    this.budget = budget;
    this.all = this.found;
    this.primary = this.read(request.operation.selectionSet.selections, '', undefined, []);
  }

  /** The part that a fragment starts; `undefined` when the fragment is not deferred. */
  partAt(
    fragment: FragmentSpreadNode | InlineFragmentNode,
    enclosing: DeferredPart | undefined,
    place: () => string,
  ): DeferredPart | undefined {
    const directive = activeDefer(fragment, this.request.conditions);
    if (!directive) return undefined;
    return this.known.get(`${enclosing?.id ?? ''} ${place()}`)?.get(directive);
  }

  /**
   * Returns the selections without the deferred ones, which become parts. `conditions` are the type conditions since
   * the last field.
   */
  private read(
    selections: readonly SelectionNode[],
    place: string,
    part: DeferredPart | undefined,
    conditions: readonly NamedTypeNode[],
  ): readonly SelectionNode[] {
    this.budget.spend(Math.ceil(selections.length / selectionsPerStep));
    return selections.flatMap((selection): readonly SelectionNode[] => {
      if (!isIncluded(selection, this.request.conditions)) return [];
      if (selection.kind === Kind.FIELD) return [this.field(selection, place, part)];
      const fragment = this.fragmentOf(selection);
      const directive = activeDefer(selection, this.request.conditions);
      if (!directive) return this.readFragment(fragment, place, part, conditions);
      const deferred = this.part(directive, part, place);
      const inner = this.readFragment(fragment, place, deferred, conditions);
      deferred.selections.push(
        ...conditions.reduceRight(
          (within, condition) => withTypeCondition(within, condition),
          inner,
        ),
      );
      return [];
    });
  }

  private readFragment(
    { condition, selections }: Fragment,
    place: string,
    part: DeferredPart | undefined,
    conditions: readonly NamedTypeNode[],
  ): readonly SelectionNode[] {
    if (!condition) return this.read(selections, place, part, conditions);
    return withTypeCondition(
      this.read(selections, place, part, [...conditions, condition]),
      condition,
    );
  }

  private field(field: FieldNode, place: string, part: DeferredPart | undefined): FieldNode {
    const { selectionSet, directives } = field;
    const bare = directives?.some(isPlanningDirective)
      ? { ...field, directives: directives.filter((directive) => !isPlanningDirective(directive)) }
      : field;
    if (!selectionSet) return bare;
    const below = placeBelow(place, (field.alias ?? field.name).value);
    const selections = this.read(selectionSet.selections, below, part, []);
    return { ...bare, selectionSet: { ...selectionSet, selections } };
  }

  private fragmentOf(selection: FragmentSpreadNode | InlineFragmentNode): Fragment {
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return { condition: selection.typeCondition, selections: selection.selectionSet.selections };
    const definition = this.request.fragments.get(selection.name.value);
    return {
      condition: definition?.typeCondition,
      selections: definition?.selectionSet.selections ?? [],
    };
  }

  private part(
    directive: DirectiveNode,
    enclosing: DeferredPart | undefined,
    place: string,
  ): DeferredPart {
    rejectUnsupported(this.request.operation, place);
    const key = `${enclosing?.id ?? ''} ${place}`;
    let here = this.known.get(key);
    if (!here) this.known.set(key, (here = new Map<DirectiveNode, DeferredPart>()));
    let part = here.get(directive);
    if (!part) {
      part = {
        id: this.found.length + 1,
        enclosing,
        directive,
        place,
        label: labelOf(directive),
        selections: [],
        entries: new Set(),
      };
      here.set(directive, part);
      this.found.push(part);
    }
    return part;
  }
}

/** Copying a selection is less work than a step of the search. */
const selectionsPerStep = 8;

/** The parts of an operation; `undefined` without incremental delivery or without parts. */
export function deferredPartsOf(
  request: PlanRequest,
  budget: PlanBudget,
): DeferredParts | undefined {
  if (request.incremental !== true) return undefined;
  const parts = new DeferredParts(request, budget);
  return parts.all.length > 0 ? parts : undefined;
}

/** True when a part is nested in another one; every part is nested in the primary one. */
export function isInside({ enclosing }: DeferredPart, other: DeferredPart | undefined): boolean {
  return enclosing === other || (enclosing !== undefined && isInside(enclosing, other));
}

function withTypeCondition(
  selections: readonly SelectionNode[],
  typeCondition: NamedTypeNode,
): readonly SelectionNode[] {
  if (selections.length === 0) return selections;
  const selectionSet = { kind: Kind.SELECTION_SET, selections } as const;
  return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet }];
}

/** A mutation runs its root fields in sequence, and a subscription sends one response per event. */
function rejectUnsupported({ operation }: OperationDefinitionNode, place: string): void {
  if (operation === OperationTypeNode.SUBSCRIPTION)
    throw new AppError('BAD_REQUEST', 'A subscription cannot use @defer.');
  if (operation === OperationTypeNode.MUTATION && place === '')
    throw new AppError('BAD_REQUEST', 'The root fields of a mutation cannot be deferred.');
}
