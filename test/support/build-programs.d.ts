/** Builds the programs of the project as JavaScript, and names their folder in the variable BUILT_PROGRAMS. */
export default function buildPrograms(options: {
  readonly watch?: boolean;
  readonly watchAll?: boolean;
}): Promise<void>;
