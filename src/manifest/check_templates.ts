/**
 * Checks what may hold templates: a component's variables and its allowed outbound hosts.
 *
 * @module
 */

import type { Variable } from "../app/application.ts";
import { GyreError } from "../errors.ts";
import { AllowedHosts } from "../policy/allowed_hosts.ts";
import { expandTemplate, parseTemplate, type TemplatePart } from "../policy/variables.ts";
import type { Findings, KeyPath } from "./finding.ts";
import { nearest } from "./nearest.ts";

/** What the templates of one component may refer to. */
export interface TemplateScope {
  /** The names of all application variables, valid or not. */
  readonly names: ReadonlySet<string>;
  /** The variables that are valid. */
  readonly variables: Readonly<Record<string, Variable>>;
  /** The ids of all components. */
  readonly componentIds: readonly string[];
}

/**
 * Checks one template.
 *
 * @param template The template and its path.
 * @param scope What it may refer to.
 * @param findings Where problems are added.
 * @returns Its parts; `undefined` if it is not valid.
 */
export function checkTemplate(
  template: { readonly text: string; readonly path: KeyPath },
  scope: TemplateScope,
  findings: Findings,
): readonly TemplatePart[] | undefined {
  const { text, path } = template;
  const parts = attempt(() => parseTemplate(text), { path, findings });
  const unknown = parts?.find((part) => part.kind === "variable" && !scope.names.has(part.name));
  if (unknown?.kind !== "variable") return parts;
  const { name } = unknown;
  const meant = nearest(name, scope.names);
  findings.errors.push({
    code: "ERR_TEMPLATE",
    message: `Template "${text}" names the unknown variable "${name}"`,
    path,
    hint: meant === undefined
      ? `Add ${name} = { default = "…" } or { required = true } to [variables]`
      : `Did you mean "${meant}"?`,
  });
  return undefined;
}

/**
 * Checks the entries of `allowed_outbound_hosts`, as far as the variables' defaults tell. An entry
 * that needs a value from outside is checked when that value is known.
 *
 * @param hosts The entries and their path.
 * @param scope What they may refer to.
 * @param findings Where problems are added.
 */
export function checkAllowedHosts(
  hosts: { readonly entries: readonly string[]; readonly path: KeyPath },
  scope: TemplateScope,
  findings: Findings,
): void {
  const defaults = defaultsOf(scope.variables);
  hosts.entries.forEach((entry, index) => {
    const path = [...hosts.path, index];
    const parts = checkTemplate({ text: entry, path }, scope, findings);
    if (parts === undefined) return;
    const known = parts.every((part) => part.kind === "text" || Object.hasOwn(defaults, part.name));
    if (!known) return;
    const expanded = expandTemplate(parts, defaults);
    attempt(
      () => AllowedHosts.parse([expanded], { componentIds: scope.componentIds }),
      {
        path,
        findings,
        ...(expanded !== entry && {
          note: `, which "${entry}" gives with the variables' defaults,`,
        }),
      },
    );
  });
}

function defaultsOf(
  variables: Readonly<Record<string, Variable>>,
): Record<string, string> {
  const defaults: Record<string, string> = {};
  for (const [name, variable] of Object.entries(variables)) {
    if (variable.default !== undefined) defaults[name] = variable.default;
  }
  return defaults;
}

function attempt<T>(
  action: () => T,
  report: {
    readonly path: KeyPath;
    readonly findings: Findings;
    readonly note?: string;
  },
): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof GyreError)) throw error;
    const code = error.code === "ERR_TEMPLATE" ? "ERR_TEMPLATE" : "ERR_ALLOWED_HOST";
    report.findings.errors.push({
      code,
      message: report.note === undefined
        ? error.message
        : error.message.replace(/" (?=(?:has|is) )/, `"${report.note} `),
      path: report.path,
      ...(error.hint !== undefined && { hint: error.hint }),
    });
    return undefined;
  }
}
