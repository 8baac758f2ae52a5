/** Which of the fetches that deferred parts wait for are finished, by their ids. */
export class FinishedFetches {
  private readonly waits = new Map<
    string,
    { readonly end: () => void; readonly promise: Promise<void> }
  >();

  /** Resolves once the fetch is finished. */
  wait(id: string): Promise<void> {
    return this.of(id).promise;
  }

  /** Notes that a fetch is finished, whatever its outcome. */
  note(id: string): void {
    this.of(id).end();
  }

  private of(id: string): { readonly end: () => void; readonly promise: Promise<void> } {
    let known = this.waits.get(id);
    if (!known) {
      let end = (): void => undefined;
      const promise = new Promise<void>((resolve) => (end = resolve));
      this.waits.set(id, (known = { end, promise }));
    }
    return known;
  }
}
