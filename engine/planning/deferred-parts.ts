import {
  type FieldNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
} from 'graphql';
import { AppError } from '../../common/errors.ts';
import { isIncluded } from '../../common/selection-conditions.ts';
import { deferDirective, isSettled } from './conditions.ts';
import type { PlanBudget } from './plan-budget.ts';
import type { PlanRequest } from './planner.ts';
import type { DeferredPart } from './search-state.ts';

/** A fragment with what is selected in it. */
interface Fragment {
  readonly condition: NamedTypeNode | undefined;
  readonly selections: readonly SelectionNode[];
}

/**
 * The parts that `@defer` makes of an operation. A part is known by its fragment, the part around it and the response
 * keys that lead to it: one fragment that is spread in two places makes two parts.
 */
export class DeferredParts {
  /** Each part behind the one around it. */
  readonly all: readonly DeferredPart[];
  /** What is selected outside of all deferred parts. */
  readonly primary: readonly SelectionNode[];
  private readonly known = new Map<string, Map<SelectionNode, DeferredPart>>();
  private readonly found: DeferredPart[] = [];
  private readonly request: PlanRequest;
  private readonly budget: PlanBudget;

  /** Throws an AppError BAD_REQUEST where nothing can be deferred. */
  constructor(request: PlanRequest, budget: PlanBudget) {
    this.request = request;
    this.budget = budget;
    this.all = this.found;
    this.primary = this.read(request.operation.selectionSet.selections, '', undefined, []);
  }

  /** The part that a fragment begins; `undefined` for one that is not deferred. */
  at(
    fragment: FragmentSpreadNode | InlineFragmentNode,
    around: DeferredPart | undefined,
    place: () => string,
  ): DeferredPart | undefined {
    if (!this.isDeferred(fragment)) return undefined;
    return this.known.get(`${around?.id ?? ''} ${place()}`)?.get(fragment);
  }

  /** Without the deferred selections, which become parts. `conditions` are the type conditions since the last field. */
  private read(
    selections: readonly SelectionNode[],
    place: string,
    part: DeferredPart | undefined,
    conditions: readonly NamedTypeNode[],
  ): readonly SelectionNode[] {
    this.budget.spend(Math.ceil(selections.length / selectionsAStep));
    return selections.flatMap((selection): readonly SelectionNode[] => {
      if (!isIncluded(selection, this.request.conditions)) return [];
      if (selection.kind === Kind.FIELD) return [this.field(selection, place, part)];
      const fragment = this.fragmentOf(selection);
      if (!this.isDeferred(selection)) return this.readFragment(fragment, place, part, conditions);
      const deferred = this.part(selection, part, place);
      const inner = this.readFragment(fragment, place, deferred, conditions);
      deferred.selections.push(
        ...conditions.reduceRight((within, condition) => narrowed(within, condition), inner),
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
    return narrowed(this.read(selections, place, part, [...conditions, condition]), condition);
  }

  private field(field: FieldNode, place: string, part: DeferredPart | undefined): FieldNode {
    const { selectionSet, directives } = field;
    const bare = directives?.some(isSettled)
      ? { ...field, directives: directives.filter((directive) => !isSettled(directive)) }
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

  private isDeferred(fragment: FragmentSpreadNode | InlineFragmentNode): boolean {
    const value = deferDirective(fragment)?.arguments?.find(({ name }) => name.value === 'if');
    if (!value) return deferDirective(fragment) !== undefined;
    const condition = value.value;
    return condition.kind === Kind.VARIABLE
      ? this.request.conditions.get(condition.name.value) !== false
      : condition.kind === Kind.BOOLEAN && condition.value;
  }

  private part(
    fragment: FragmentSpreadNode | InlineFragmentNode,
    around: DeferredPart | undefined,
    place: string,
  ): DeferredPart {
    refuseWhereImpossible(this.request.operation, place);
    const key = `${around?.id ?? ''} ${place}`;
    let here = this.known.get(key);
    if (!here) this.known.set(key, (here = new Map<SelectionNode, DeferredPart>()));
    let part = here.get(fragment);
    if (!part) {
      part = {
        id: this.found.length + 1,
        around,
        label: labelOf(fragment),
        selections: [],
        entries: new Set(),
      };
      here.set(fragment, part);
      this.found.push(part);
    }
    return part;
  }
}

/** To copy a selection is less work than a step of the search. */
const selectionsAStep = 8;

/** The parts of an operation, if it asks for some and may have them. */
export function deferredPartsOf(
  request: PlanRequest,
  budget: PlanBudget,
): DeferredParts | undefined {
  if (request.incremental !== true) return undefined;
  const parts = new DeferredParts(request, budget);
  return parts.all.length > 0 ? parts : undefined;
}

/** The response keys on the way to a place, in one text. */
export function placeBelow(place: string, responseKey: string): string {
  return `${place}.${responseKey}`;
}

/** True when a part is inside another one; every part is inside the primary one. */
export function isInside({ around }: DeferredPart, other: DeferredPart | undefined): boolean {
  return around === other || (around !== undefined && isInside(around, other));
}

function narrowed(
  selections: readonly SelectionNode[],
  typeCondition: NamedTypeNode,
): readonly SelectionNode[] {
  if (selections.length === 0) return selections;
  const selectionSet = { kind: Kind.SELECTION_SET, selections } as const;
  return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet }];
}

function labelOf(fragment: FragmentSpreadNode | InlineFragmentNode): string | undefined {
  const label = deferDirective(fragment)?.arguments?.find(({ name }) => name.value === 'label');
  return label?.value.kind === Kind.STRING ? label.value.value : undefined;
}

/** The fields of a mutation run one after the other, and each event of a subscription is one answer. */
function refuseWhereImpossible({ operation }: OperationDefinitionNode, place: string): void {
  if (operation === OperationTypeNode.SUBSCRIPTION)
    throw new AppError('BAD_REQUEST', 'Expected a subscription without @defer; it has one.');
  if (operation === OperationTypeNode.MUTATION && place === '')
    throw new AppError('BAD_REQUEST', 'The root fields of a mutation cannot be deferred.');
}
