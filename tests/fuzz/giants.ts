/**
 * Components that are valid, or nearly, and far too big in one respect.
 *
 * @module
 */

import { writeLeb128 } from "./leb128.ts";
import { concatenate } from "./section_tree.ts";
import type { Verdict } from "./verdict.ts";

/** A component that is too big. */
export interface Giant {
  /** Makes its bytes. */
  readonly make: () => Uint8Array<ArrayBuffer>;
  /** The ways in which it may end. */
  readonly ends: readonly Verdict["kind"][];
}

const COMPONENT_HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00);
const MODULE_HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
const MEBIBYTE = 1_048_576;
const HUGE_COUNT = 2 ** 32 - 1;

/** A function type without parameters and results, as the only entry of a type section. */
const EMPTY_FUNCTION_TYPE = section(7, Uint8Array.of(0x01, 0x40, 0x00, 0x01, 0x00));
/** Instantiates the first core module. */
const INSTANTIATE_MODULE = section(2, Uint8Array.of(0x01, 0x00, 0x00, 0x00));

const REFUSED = ["refused at compile", "refused at link", "refused at start"] as const;

/** Every giant, by what is too big about it. */
export const giants: Readonly<Record<string, Giant>> = {
  "custom-section-64-mib": {
    make: () => component(section(0, concatenate([text("x"), new Uint8Array(64 * MEBIBYTE)]))),
    ends: ["ran ok"],
  },
  "data-segment-200-mib": {
    make() {
      const size = 200 * MEBIBYTE;
      // Active, for memory 0, at offset 0.
      const segment = [bytes(0x01, 0x00, 0x41, 0x00, 0x0b), number(size), new Uint8Array(size)];
      const pages = Math.ceil(size / 65_536);
      return component(...module(
        section(5, concatenate([bytes(0x01, 0x00), number(pages)])),
        section(11, concatenate(segment)),
      ));
    },
    ends: REFUSED,
  },
  "exports-100000": {
    make: () =>
      component(
        ...module(
          section(1, bytes(0x01, 0x60, 0x00, 0x00)),
          section(3, bytes(0x01, 0x00)),
          section(7, concatenate([bytes(0x01), text("f"), bytes(0x00, 0x00)])),
          section(10, bytes(0x01, 0x02, 0x00, 0x0b)),
        ),
        EMPTY_FUNCTION_TYPE,
        section(6, concatenate([bytes(0x01, 0x00, 0x00, 0x01, 0x00), text("f")])),
        section(8, bytes(0x01, 0x00, 0x00, 0x00, 0x00, 0x00)),
        section(
          11,
          vector(
            100_000,
            (index) => concatenate([bytes(0x00), text(`e${index}`), bytes(0x01, 0x00, 0x00)]),
          ),
        ),
      ),
    ends: ["refused at compile"],
  },
  "imports-100000": {
    make: () => component(EMPTY_FUNCTION_TYPE, functionImports(100_000)),
    ends: ["refused at compile"],
  },
  "imports-9000": {
    make: () => component(EMPTY_FUNCTION_TYPE, functionImports(9_000)),
    ends: ["refused at link"],
  },
  "lowerings-50000": {
    make() {
      const count = 50_000;
      return component(
        EMPTY_FUNCTION_TYPE,
        functionImports(1),
        section(8, vector(count, () => bytes(0x01, 0x00, 0x00, 0x00))),
        ...importingModule(count),
      );
    },
    ends: ["refused at compile", "refused at link"],
  },
  "interfaces-10000": {
    make: () =>
      component(
        section(7, Uint8Array.of(0x01, 0x42, 0x00)),
        section(
          10,
          vector(
            10_000,
            (index) => concatenate([bytes(0x00), text(`a:b/c${index}`), bytes(0x05, 0x00)]),
          ),
        ),
      ),
    ends: ["refused at compile", "refused at link", "ran ok"],
  },
  "core-functions-50000": {
    make: () =>
      component(...module(
        section(1, bytes(0x01, 0x60, 0x00, 0x00)),
        section(3, vector(50_000, () => bytes(0x00))),
        section(10, vector(50_000, () => bytes(0x02, 0x00, 0x0b))),
      )),
    ends: ["ran ok"],
  },
  "core-exports-100000": {
    make: () =>
      component(...module(
        section(1, bytes(0x01, 0x60, 0x00, 0x00)),
        section(3, bytes(0x01, 0x00)),
        section(
          7,
          vector(100_000, (index) => concatenate([text(`e${index}`), bytes(0x00, 0x00)])),
        ),
        section(10, bytes(0x01, 0x02, 0x00, 0x0b)),
      )),
    ends: ["ran ok"],
  },
  "nested-components-1000": {
    make() {
      let nested = component();
      for (let depth = 0; depth < 1_000; depth++) nested = component(section(4, nested));
      return nested;
    },
    ends: ["refused at compile", "ran ok"],
  },
  "core-modules-5000": {
    make() {
      const count = 5_000;
      const modules = Array.from({ length: count }, () => section(1, MODULE_HEADER));
      const instances = vector(
        count,
        (index) => concatenate([bytes(0x00), number(index), bytes(0x00)]),
      );
      return component(...modules, section(2, instances));
    },
    ends: ["refused at compile", "ran ok"],
  },
  "nested-types-100000": {
    make: () => component(nestedLists(100_000), importOfLastType(100_000)),
    ends: ["refused at compile"],
  },
  "nested-types-90": {
    make: () => component(nestedLists(90), importOfLastType(90)),
    ends: ["refused at compile", "refused at link"],
  },
  "nested-blocks-100000": {
    make() {
      const depth = 100_000;
      const blocks = Array.from({ length: depth }, () => bytes(0x02, 0x40));
      const body = concatenate([bytes(0x00), ...blocks, new Uint8Array(depth + 1).fill(0x0b)]);
      return component(...module(
        section(1, bytes(0x01, 0x60, 0x00, 0x00)),
        section(3, bytes(0x01, 0x00)),
        section(10, concatenate([bytes(0x01), number(body.length), body])),
      ));
    },
    ends: ["refused at compile", "refused at start", "ran ok"],
  },
  // jco itself breaks over this one.
  "claimed-length-2-gib": {
    make: () => component(concatenate([bytes(0x02), number(2 ** 31 - 1), bytes(0x01, 0x00)])),
    ends: ["refused at compile"],
  },
  "type-count": countedSection(7),
  "import-count": countedSection(10),
  "export-count": countedSection(11),
  "alias-count": countedSection(6),
  "canon-count": countedSection(8),
  "instance-count": countedSection(5),
  "record-field-count": {
    make: () => component(section(7, concatenate([bytes(0x01, 0x72), number(HUGE_COUNT)]))),
    ends: ["refused at compile"],
  },
  "core-local-count": {
    make: () =>
      component(...module(
        section(1, bytes(0x01, 0x60, 0x00, 0x00)),
        section(3, bytes(0x01, 0x00)),
        section(
          10,
          concatenate([bytes(0x01, 0x08, 0x01), number(HUGE_COUNT), bytes(0x7f, 0x0b)]),
        ),
      )),
    ends: ["refused at compile"],
  },
  "core-table-size": {
    make: () =>
      component(...module(section(4, concatenate([bytes(0x01, 0x70, 0x00), number(HUGE_COUNT)])))),
    ends: REFUSED,
  },
  "core-memory-4-gib": {
    make: () => component(...module(section(5, concatenate([bytes(0x01, 0x00), number(65_536)])))),
    ends: REFUSED,
  },
  "core-memories-100-of-1-gib": {
    make: () =>
      component(...module(
        section(5, vector(100, () => concatenate([bytes(0x00), number(16_384)]))),
      )),
    ends: REFUSED,
  },
};

function countedSection(id: number): Giant {
  return {
    make: () => component(section(id, concatenate([number(HUGE_COUNT), new Uint8Array(64)]))),
    ends: ["refused at compile"],
  };
}

/** `list<list<list<...>>>`, each a type of its own, and a function that takes the last. */
function nestedLists(depth: number): Uint8Array {
  return section(
    7,
    concatenate([
      number(depth + 1),
      bytes(0x70, 0x7d),
      ...Array.from({ length: depth - 1 }, (_, index) => listOf(index)),
      concatenate([bytes(0x40, 0x01), text("p"), signedNumber(depth - 1), bytes(0x01, 0x00)]),
    ]),
  );
}

function listOf(type: number): Uint8Array {
  return concatenate([bytes(0x70), signedNumber(type)]);
}

function importOfLastType(depth: number): Uint8Array {
  return section(10, concatenate([bytes(0x01, 0x00), text("f"), bytes(0x01), number(depth)]));
}

function functionImports(count: number): Uint8Array {
  return section(
    10,
    vector(count, (index) => concatenate([bytes(0x00), text(`f${index}`), bytes(0x01, 0x00)])),
  );
}

function component(...sections: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concatenate([COMPONENT_HEADER, ...sections]);
}

/** A core module that imports the first core functions, each by a name of its own. */
function importingModule(count: number): readonly Uint8Array[] {
  const imports = vector(
    count,
    (index) => concatenate([text("m"), text(`f${index}`), bytes(0x00, 0x00)]),
  );
  const type = section(1, bytes(0x01, 0x60, 0x00, 0x00));
  const exported = vector(
    count,
    (index) => concatenate([text(`f${index}`), bytes(0x00), number(index)]),
  );
  return [
    section(1, concatenate([MODULE_HEADER, type, section(2, imports)])),
    section(2, concatenate([bytes(0x01, 0x01), exported])),
    section(2, concatenate([bytes(0x01, 0x00, 0x00, 0x01), text("m"), bytes(0x12, 0x00)])),
  ];
}

/** A core module and its instance. */
function module(...sections: readonly Uint8Array[]): readonly Uint8Array[] {
  return [section(1, concatenate([MODULE_HEADER, ...sections])), INSTANTIATE_MODULE];
}

function section(id: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatenate([bytes(id), number(payload.length), payload]);
}

function vector(count: number, element: (index: number) => Uint8Array): Uint8Array {
  return concatenate([number(count), ...Array.from({ length: count }, (_, i) => element(i))]);
}

function text(value: string): Uint8Array {
  const encoded = new TextEncoder().encode(value);
  return concatenate([number(encoded.length), encoded]);
}

function number(value: number): Uint8Array {
  return Uint8Array.from(writeLeb128(value));
}

/** A number that is read as signed: where its highest bit would be the sign, a byte follows. */
function signedNumber(value: number): Uint8Array {
  const plain = writeLeb128(value);
  const isNegative = ((plain.at(-1) ?? 0) & 0x40) !== 0;
  return Uint8Array.from(isNegative ? writeLeb128(value, plain.length + 1) : plain);
}

function bytes(...values: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(values);
}
