import { MOST_RESOLVED_NAMES } from "./bounds.ts";

/** Which names of an instance's own lookups led to which addresses. */
export class ResolvedNames {
  readonly #pairs: { readonly name: string; readonly address: string }[] = [];

  /**
   * Remembers the result of a lookup.
   *
   * @param name The name, in its canonical form.
   * @param addresses Its addresses, in their canonical form.
   */
  add(name: string, addresses: readonly string[]): void {
    for (const address of addresses) {
      if (!this.namesOf(address).includes(name)) this.#pairs.push({ name, address });
    }
    this.#pairs.splice(0, Math.max(0, this.#pairs.length - MOST_RESOLVED_NAMES));
  }

  /**
   * Lists the names that were found to have an address.
   *
   * @param address The address, in its canonical form.
   * @returns The names.
   */
  namesOf(address: string): readonly string[] {
    return this.#pairs.filter((pair) => pair.address === address).map((pair) => pair.name);
  }
}
