/** Everything that has been opened, to be closed once and in reverse order. */
export class Opened {
  private readonly all: { close(): unknown }[] = [];
  private closing: Promise<void> | undefined;

  add<T extends { close(): unknown }>(one: T): T {
    this.all.push(one);
    return one;
  }

  /** Closes everything, even when closing one of them fails; then rejects with that error. */
  close(): Promise<void> {
    return (this.closing ??= this.closeAll());
  }

  private async closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const one of this.all.toReversed()) {
      try {
        await one.close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
