import assert from "node:assert/strict";
import {
  filesAreShort,
  importsGoDown,
  importsHaveNoCycle,
  lowFloorsArePure,
  onlyCliOwnsTheProcess,
  onlyOneFileImportsJco,
  type Rule,
  workerLoadsNoPackage,
  workerRoomsImportNoPackage,
} from "./support/architecture_rules.ts";
import { type Import, readSourceModules, type SourceModule } from "./support/source_module.ts";

const RULES: readonly Rule[] = [
  importsGoDown,
  importsHaveNoCycle,
  lowFloorsArePure,
  onlyCliOwnsTheProcess,
  workerRoomsImportNoPackage,
  workerLoadsNoPackage,
  onlyOneFileImportsJco,
  filesAreShort,
];

for (const rule of RULES) {
  Deno.test(`the source keeps the rule ${rule.name}`, async () => {
    assert.deepEqual(rule(await readSourceModules()), []);
  });
}

Deno.test("readSourceModules() finds modules and their imports", async () => {
  const modules = await readSourceModules();
  const check = modules.find(({ path }) => path === "src/manifest/check_value.ts");
  assert.equal(check?.imports.length, 3);
  assert.match(check?.imports[0]?.target ?? "", /^npm:\/?zod@/);
  assert.equal(check?.imports[0]?.typeOnly, true);
  const timer = modules.find(({ path }) => path === "src/triggers/timer/timer_schema.ts");
  assert.ok(
    timer?.imports.some(({ target, typeOnly }) => target === "src/duration.ts" && !typeOnly),
  );
});

interface Case {
  readonly rule: Rule;
  readonly when: string;
  readonly modules: readonly SourceModule[];
  readonly breaches: readonly string[];
}

const CASES: readonly Case[] = [
  {
    rule: importsGoDown,
    when: "imports go down or to an allowed neighbour",
    modules: [
      module("mod.ts", { imports: ["src/runtime/start.ts"] }),
      module("src/cli/version.ts", { imports: ["deno.json", "npm:commander@15"] }),
      module("src/guest/call.ts", { imports: ["src/host/registry.ts", "src/guest/reset.ts"] }),
      module("src/manifest/parse.ts", { imports: ["src/policy/policy.ts", "src/errors.ts"] }),
    ],
    breaches: [],
  },
  {
    rule: importsGoDown,
    when: "a module imports a higher floor",
    modules: [module("src/host/wasi/cli.ts", { imports: ["src/isolation/protocol.ts"] })],
    breaches: [
      "src/host/wasi/cli.ts (floor 3) imports src/isolation/protocol.ts (floor 4)",
    ],
  },
  {
    rule: importsGoDown,
    when: "a module imports a type of a higher floor",
    modules: [module("src/errors.ts", { typeImports: ["src/app/application.ts"] })],
    breaches: ["src/errors.ts (floor 0) imports src/app/application.ts (floor 1)"],
  },
  {
    rule: importsGoDown,
    when: "a module imports the roof",
    modules: [module("src/cli/main.ts", { imports: ["mod.ts"] })],
    breaches: ["src/cli/main.ts (floor 8) imports mod.ts (floor 9)"],
  },
  {
    rule: importsGoDown,
    when: "neighbours import each other the wrong way",
    modules: [module("src/policy/policy.ts", { imports: ["src/manifest/parse.ts"] })],
    breaches: ["src/policy/policy.ts imports src/manifest/parse.ts, a room of its own floor"],
  },
  {
    rule: importsGoDown,
    when: "a room has no floor",
    modules: [
      module("src/attic/box.ts"),
      module("src/cli/main.ts", { imports: ["tests/support/guests.ts"] }),
    ],
    breaches: [
      "src/attic/box.ts is in a room without a floor",
      "src/cli/main.ts imports tests/support/guests.ts, which has no floor",
    ],
  },
  {
    rule: importsHaveNoCycle,
    when: "modules share an import",
    modules: [
      module("src/a.ts", { imports: ["src/b.ts", "src/c.ts"] }),
      module("src/b.ts", { imports: ["src/c.ts"] }),
      module("src/c.ts"),
    ],
    breaches: [],
  },
  {
    rule: importsHaveNoCycle,
    when: "a cycle is closed by a type",
    modules: [
      module("src/a.ts", { imports: ["src/b.ts"] }),
      module("src/b.ts", { imports: ["src/c.ts"] }),
      module("src/c.ts", { typeImports: ["src/b.ts"] }),
    ],
    breaches: ["Import cycle: src/b.ts -> src/c.ts -> src/b.ts"],
  },
  {
    rule: lowFloorsArePure,
    when: "Deno is used only above, or named in a comment or a string",
    modules: [
      module("src/loader/local.ts", { text: "Deno.readFile(path);" }),
      module("src/manifest/parse.ts", { text: "// Deno.cwd()\nconst key = 'Deno';" }),
    ],
    breaches: [],
  },
  {
    rule: lowFloorsArePure,
    when: "a low floor uses Deno",
    modules: [
      module("src/policy/mounts.ts", {
        text: "interface A {}\n\nconst real: string = Deno.realPathSync('.');",
      }),
      module("src/clock.ts", { text: "const { args } = globalThis.Deno;" }),
    ],
    breaches: [
      "src/policy/mounts.ts:3 uses Deno",
      "src/policy/mounts.ts:3 uses Deno.realPathSync",
      "src/clock.ts:1 uses Deno",
    ],
  },
  {
    rule: onlyCliOwnsTheProcess,
    when: "only the command line owns the process",
    modules: [
      module("cli.ts", { text: "Deno.exit(await main(Deno.args));" }),
      module("src/cli/report.ts", { text: "console.error('no');" }),
      module("src/loader/local.ts", { text: "Deno.readFile(path); log.console = 1;" }),
    ],
    breaches: [],
  },
  {
    rule: onlyCliOwnsTheProcess,
    when: "other rooms own the process",
    modules: [
      module("src/runtime/start.ts", {
        text: "Deno.addSignalListener('SIGINT', stop);\nDeno.exit(1);\nuse(Deno.args);",
      }),
      module("src/host/registry.ts", { text: "console.log(1);\nglobalThis.console.log(1);" }),
    ],
    breaches: [
      "src/runtime/start.ts:1 uses Deno.addSignalListener",
      "src/runtime/start.ts:2 uses Deno.exit",
      "src/runtime/start.ts:3 uses Deno.args",
      "src/host/registry.ts:1 uses console",
      "src/host/registry.ts:2 uses console",
    ],
  },
  {
    rule: workerRoomsImportNoPackage,
    when: "a package is imported beside the guest",
    modules: [
      module("src/host/a.ts", { typeImports: ["npm:zod@4"], imports: ["node:path"] }),
      module("src/guest/b.ts", { imports: ["jsr:@std/path@1", "src/host/a.ts"] }),
      module("src/loader/c.ts", { imports: ["npm:zod@4"] }),
    ],
    breaches: [
      "src/host/a.ts imports npm:zod@4",
      "src/guest/b.ts imports jsr:@std/path@1",
    ],
  },
  {
    rule: workerLoadsNoPackage,
    when: "the worker loads a package by way of a lower floor",
    modules: [
      module("src/isolation/executor_thread.ts", {
        imports: ["src/policy/policy.ts"],
        typeImports: ["src/app/trigger_schema.ts"],
      }),
      module("src/policy/policy.ts", { imports: ["npm:ip@2"] }),
      module("src/app/trigger_schema.ts", { imports: ["npm:zod@4"] }),
    ],
    breaches: ["src/policy/policy.ts brings npm:ip@2 into the worker"],
  },
  {
    rule: workerLoadsNoPackage,
    when: "the worker's entry is somewhere else",
    modules: [module("src/isolation/entry.ts")],
    breaches: ["src/isolation/executor_thread.ts is missing"],
  },
  {
    rule: onlyOneFileImportsJco,
    when: "jco is imported elsewhere",
    modules: [
      module("src/compile/jco.ts", { imports: ["npm:@bytecodealliance/jco-transpile@0.15.0"] }),
      module("src/compile/world.ts", {
        imports: ["npm:@bytecodealliance/jco-transpile@0.15.0", "src/compile/jco.ts"],
      }),
    ],
    breaches: ["src/compile/world.ts imports npm:@bytecodealliance/jco-transpile@0.15.0"],
  },
  {
    rule: filesAreShort,
    when: "a file is too long",
    modules: [
      module("src/a.ts", { text: "x;\n".repeat(500) }),
      module("src/b.ts", { text: "x;\n".repeat(501) }),
    ],
    breaches: ["src/b.ts has 501 lines"],
  },
];

for (const { rule, when, modules, breaches } of CASES) {
  Deno.test(`${rule.name}() finds ${breaches.length || "nothing"} when ${when}`, () => {
    assert.deepEqual(rule(modules), breaches);
  });
}

function module(
  path: string,
  { text = "", imports = [], typeImports = [] }: {
    readonly text?: string;
    readonly imports?: readonly string[];
    readonly typeImports?: readonly string[];
  } = {},
): SourceModule {
  const toImport = (typeOnly: boolean) => (target: string): Import => ({ target, typeOnly });
  return {
    path,
    text,
    imports: [...imports.map(toImport(false)), ...typeImports.map(toImport(true))],
  };
}
