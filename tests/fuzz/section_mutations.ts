/**
 * Mutations of a binary's sections, at any depth. The lengths around what changes stay right, unless
 * the length is what is mutated.
 *
 * @module
 */

import type { SeededRandom } from "../guest/seeded_random.ts";
import { byteMutations } from "./byte_mutations.ts";
import { type Binary, encodeSections, type Section } from "./section_tree.ts";

/** What a mutation works with. */
export interface SectionSources {
  /** Decides everything. */
  readonly random: SeededRandom;
  /** Another component. */
  readonly donor: Binary;
}

/** Makes another binary of a binary that has sections. */
export type SectionMutation = (binary: Binary, sources: SectionSources) => Binary;

/** What changes so little that the result may well be valid. */
const GENTLE = ["nudgeByte", "changeLetter"].flatMap((name) => byteMutations[name] ?? []);
const HUGE_LENGTHS = [0, 1, 127, 128, 65_536, 2 ** 31, 2 ** 32 - 1];

/** Every mutation of sections, by its name. */
export const sectionMutations: Readonly<Record<string, SectionMutation>> = {
  lieAboutLength: atSomeDepth((sections, { random }) =>
    changeOne(sections, random, (section) => ({
      ...section,
      claimedLength: random.below(2) === 0
        ? random.pick(HUGE_LENGTHS)
        : Math.max(0, lengthOf(section) + random.below(9) - 4),
    }))
  ),
  changeId: atSomeDepth((sections, { random }) =>
    changeOne(sections, random, (section) => ({ ...section, id: random.below(16) }))
  ),
  swapSections: atSomeDepth((sections, { random }) => {
    const [a, b] = [random.below(sections.length), random.below(sections.length)];
    const [first, second] = [sections[a], sections[b]];
    if (first === undefined || second === undefined) return sections;
    return sections.with(a, second).with(b, first);
  }),
  repeatSection: atSomeDepth((sections, { random }) => {
    const at = random.below(sections.length);
    const copies = sections.slice(at, at + 1);
    const repeated = Array.from({ length: 1 + random.below(3) }, () => copies).flat();
    return sections.toSpliced(at, 0, ...repeated);
  }),
  dropSection: atSomeDepth((sections, { random }) =>
    sections.toSpliced(random.below(sections.length), 1)
  ),
  transplantSection(binary, { random, donor }) {
    const graft = random.pick(allSections(donor));
    return atSomeDepth((sections) =>
      sections.toSpliced(random.below(sections.length + 1), random.below(2), graft)
    )(binary, { random, donor });
  },
  nest(binary, { random }) {
    const content = random.below(2) === 0 ? binary : encodeSections(binary);
    return { ...binary, sections: [...binary.sections, { id: 4, content }] };
  },
};

/** Mutates the bytes in one section: only so is reached what lies deepest. */
export const mutateContent: SectionMutation = (binary, sources) => {
  const { random, donor } = sources;
  return atSomeDepth((sections) =>
    changeOne(sections, random, (section) => {
      if (!(section.content instanceof Uint8Array)) return section;
      const donorContent = random.pick(allSections(donor)).content;
      const mutation = random.pick(random.below(2) === 0 ? GENTLE : Object.values(byteMutations));
      const content = mutation(section.content, {
        random,
        donor: donorContent instanceof Uint8Array ? donorContent : encodeSections(donorContent),
      });
      return { ...section, content };
    })
  )(binary, sources);
};

/** Applies a change to the sections of the binary itself, or of one that is nested in it. */
function atSomeDepth(
  change: (sections: readonly Section[], sources: SectionSources) => readonly Section[],
): SectionMutation {
  return function mutateAtSomeDepth(binary, sources): Binary {
    const { random } = sources;
    const nested = binary.sections.flatMap(({ content }, index) =>
      content instanceof Uint8Array || content.sections.length === 0 ? [] : [index]
    );
    if (nested.length === 0 || random.below(3) === 0) {
      return { ...binary, sections: change(binary.sections, sources) };
    }
    const index = random.pick(nested);
    const section = binary.sections[index];
    if (section === undefined || section.content instanceof Uint8Array) return binary;
    const content = mutateAtSomeDepth(section.content, sources);
    return { ...binary, sections: binary.sections.with(index, { ...section, content }) };
  };
}

function changeOne(
  sections: readonly Section[],
  random: SeededRandom,
  change: (section: Section) => Section,
): readonly Section[] {
  const at = random.below(sections.length);
  const section = sections[at];
  return section === undefined ? sections : sections.with(at, change(section));
}

function allSections(binary: Binary): readonly Section[] {
  return binary.sections.flatMap((section) =>
    section.content instanceof Uint8Array ? [section] : [section, ...allSections(section.content)]
  );
}

function lengthOf({ content }: Section): number {
  return content instanceof Uint8Array ? content.length : encodeSections(content).length;
}
