/**
 * Whether a component may begin with as much memory as it declares.
 *
 * @module
 */

import type { Component } from "../app/application.ts";
import type { CompiledComponent } from "../compile/compiled_component.ts";
import { MOST_TABLE_ELEMENTS } from "../compile/instrument/cap_growth.ts";
import { measureInitial } from "../compile/instrument/measure_initial.ts";
import { PrepareError } from "../errors.ts";
import { formatSize } from "../size.ts";

/**
 * Refuses a component that begins with more than it may ever have.
 *
 * @param component The component.
 * @param compiled Its core modules.
 * @throws {PrepareError} `ERR_MEMORY_LIMIT` for its linear memory, `ERR_TABLE_LIMIT` for its tables.
 */
export function assertInitialSize(component: Component, compiled: CompiledComponent): void {
  const sizes = [...compiled.modules.values()].map(measureInitial);
  const memory = sizes.reduce((sum, size) => sum + size.memory, 0);
  const { limits } = component;
  if (memory > limits.memory) {
    throw new PrepareError(
      "ERR_MEMORY_LIMIT",
      `Component "${component.id}" begins with ${formatSize(memory)} of memory, and may have ` +
        formatSize(limits.memory),
      {
        hint: `Write memory = "${
          formatSize(memory)
        }" or more in [component.${component.id}.limits]`,
      },
    );
  }
  const elements = sizes.reduce((sum, size) => sum + size.tableElements, 0);
  if (elements > 2 * MOST_TABLE_ELEMENTS) {
    throw new PrepareError(
      "ERR_TABLE_LIMIT",
      `Component "${component.id}" begins with tables of ${elements} elements together; ` +
        `it may have ${2 * MOST_TABLE_ELEMENTS}`,
    );
  }
}
