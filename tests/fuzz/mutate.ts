/**
 * Mutations of components. A mutant is a function of its seed and the components that it is made
 * from, so a seed that does harm can be named and tried again.
 *
 * @module
 */

import { SeededRandom } from "../guest/seeded_random.ts";
import { byteMutations } from "./byte_mutations.ts";
import { mutateContent, sectionMutations } from "./section_mutations.ts";
import { encodeSections, parseSections } from "./section_tree.ts";

/** A component that mutants are made from. */
export interface Ancestor {
  /** Its name, for messages. */
  readonly name: string;
  /** Its bytes. */
  readonly bytes: Uint8Array;
}

/** A component with something wrong in it, most likely. */
export interface Mutant {
  /** What it was made with. */
  readonly seed: number;
  /** What it was made from. */
  readonly ancestor: string;
  /** What was done to it, in order. */
  readonly mutations: readonly string[];
  /** Its bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const MAXIMUM_MUTATIONS = 3;

/**
 * Makes a mutant.
 *
 * @param seed Any whole number.
 * @param ancestors What it may be made from; two of them, where parts are spliced.
 * @returns The mutant, the same for the same arguments.
 */
export function mutate(seed: number, ancestors: readonly Ancestor[]): Mutant {
  const random = new SeededRandom(seed);
  const ancestor = random.pick(ancestors);
  const donor = random.pick(ancestors).bytes;
  let bytes = ancestor.bytes.slice();
  const mutations: string[] = [];
  const count = random.below(2) === 0 ? 1 : 1 + random.below(MAXIMUM_MUTATIONS);
  for (let done = 0; done < count; done++) {
    const tree = random.below(4) === 0 ? undefined : parseSections(bytes);
    const donorTree = parseSections(donor);
    if (tree === undefined || donorTree === undefined || tree.sections.length === 0) {
      const [name, mutation] = random.pick(Object.entries(byteMutations));
      mutations.push(name);
      bytes = mutation(bytes, { random, donor });
    } else {
      const [name, mutation] = random.below(2) === 0
        ? ["mutateContent", mutateContent] as const
        : random.pick(Object.entries(sectionMutations));
      mutations.push(name);
      bytes = encodeSections(mutation(tree, { random, donor: donorTree }));
    }
  }
  return { seed, ancestor: ancestor.name, mutations, bytes };
}
