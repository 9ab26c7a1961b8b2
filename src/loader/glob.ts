/**
 * Globs as Spin reads them: the syntax of Rust's `glob` crate. `?` is any character, `*` any
 * number of them, `[a-z]` and `[!a-z]` one of a set, `**` as a whole component any number of
 * directories. Names that start with a dot match like all others. There are no braces and no
 * escapes; `[*]` is a literal star. Case matters on every platform.
 *
 * @module
 */

/**
 * Turns a glob into a regular expression for a whole path with `/` between its components. As in
 * Spin, `*` and `?` match `/` too; to expand a glob, match it component by component. Other than
 * in Spin, `dir/**` matches `dir` itself as well.
 *
 * @param glob The glob.
 * @returns The expression; `undefined` if a `[` is not closed or a `**` is no whole component.
 */
export function compileGlob(glob: string): RegExp | undefined {
  const components = glob.split("/");
  let pattern = "";
  for (const [index, component] of components.entries()) {
    const isLast = index === components.length - 1;
    if (component === "**") {
      pattern += isLast ? ".*" : "(?:.*/)?";
      continue;
    }
    const part = compileComponent(component);
    if (part === undefined) return undefined;
    pattern += part;
    if (isLast) break;
    if (index === components.length - 2 && components.at(-1) === "**") {
      pattern += "(?:/.*)?";
      break;
    }
    pattern += "/";
  }
  return new RegExp(`^${pattern}$`, "su");
}

function compileComponent(component: string): string | undefined {
  if (component.includes("**")) return undefined;
  let pattern = "";
  let index = 0;
  while (index < component.length) {
    const character = String.fromCodePoint(component.codePointAt(index) ?? 0);
    if (character === "[") {
      const set = compileSet(component, index);
      if (set === undefined) return undefined;
      pattern += set.pattern;
      index = set.end;
      continue;
    }
    if (character === "*") pattern += ".*";
    else if (character === "?") pattern += ".";
    else pattern += RegExp.escape(character);
    index += character.length;
  }
  return pattern;
}

function compileSet(
  component: string,
  start: number,
): { readonly pattern: string; readonly end: number } | undefined {
  const isNegated = component[start + 1] === "!";
  const first = start + (isNegated ? 2 : 1);
  // A "]" that stands first is a member, not the end.
  const end = component.indexOf("]", first + 1);
  if (end === -1) return undefined;
  const members = Array.from(component.slice(first, end));
  let pattern = "";
  for (let index = 0; index < members.length; index++) {
    const from = members[index] ?? "";
    const to = members[index + 1] === "-" ? members[index + 2] : undefined;
    if (to === undefined) {
      pattern += RegExp.escape(from);
      continue;
    }
    // Otherwise the regular expression would not compile.
    if ((from.codePointAt(0) ?? 0) > (to.codePointAt(0) ?? 0)) return undefined;
    pattern += `${RegExp.escape(from)}-${RegExp.escape(to)}`;
    index += 2;
  }
  return { pattern: `[${isNegated ? "^" : ""}${pattern}]`, end: end + 1 };
}
