/** Instructions of one kind. */
export interface InstructionClass {
  /** The kind. */
  readonly name: string;
  /** The instructions as text; each stands in code that is never reached, so the stack has all. */
  readonly instructions: readonly string[];
}

/** What the instructions refer to. Indexes above 127 take two bytes. */
export const DECLARATIONS = `
  (type $void (func))
  (type $pair (func (param i32 i64) (result i64)))
  (type $array (array (mut i32)))
  (type $bytes (array (mut i8)))
  (type $refs (array (mut funcref)))
  (rec (type $node (sub (struct (field (mut (ref null $leaf))) (field (mut i8)))))
    (type $leaf (sub final $node (struct (field (mut (ref null $leaf))) (field (mut i8))))))
  (tag $tag (param i32))
  (memory $m 1) (memory $n 1) (memory $big i64 1)
  (table $t 1 funcref) (table $u 1 externref) (table $long i64 1 funcref) (table $long2 i64 1 funcref)
  ${"(global (mut i32) (i32.const 0))\n".repeat(200)}
  (global $last (mut i32) (i32.const 0))
  (data $data "some bytes")
  (elem $elem funcref (ref.func $f))
  (elem declare func $f)
  (func $f)
`;

const LOADS = ["i32.load", "i64.load", "f32.load", "f64.load"];
const NARROW_LOADS = ["i32.load8_s", "i32.load16_u", "i64.load8_u", "i64.load16_s", "i64.load32_u"];
const STORES = ["i32.store", "i64.store", "f32.store", "f64.store", "i32.store8", "i64.store32"];

/** Instructions with all kinds of immediates. */
export const CLASSES: readonly InstructionClass[] = [
  {
    name: "constants",
    instructions: [
      ...["i32.const 0", "i32.const -2147483648", "i64.const -9223372036854775808"],
      ...["i64.const 123456789012", "f32.const 1.5", "f64.const nan", "f64.const -1e300"],
      "v128.const i64x2 0x0b0b0b0b0b0b0b0b 0x0303030303030303",
    ],
  },
  {
    name: "blocks of every type",
    instructions: [
      ...["block end", "block (result i32) unreachable end", "block (type $pair) unreachable end"],
      ...["loop end", "loop (result f64) unreachable end", "loop (type $pair) unreachable end"],
      ...["if end", "if else end", "if (result i64) unreachable else unreachable end"],
      "if (type $pair) unreachable else unreachable end",
      "block (result (ref null $leaf)) unreachable end",
      "loop (result (ref any)) unreachable end",
      "loop (result funcref externref) unreachable end",
    ],
  },
  {
    name: "branches",
    instructions: [
      ...[
        "block br 0 end",
        "loop br 0 end",
        "loop loop br 1 end end",
        "loop block unreachable br_if 1 end end",
      ],
      "block loop block loop unreachable br_table 0 1 2 3 0 end end end end",
      `block ${"loop ".repeat(200)} br 130 ${"end ".repeat(200)} unreachable br_if 0 end`,
      "loop block (result i32) unreachable end if br 1 else unreachable br_if 1 end end",
      ...["block ref.null func br_on_null 0 drop end", "return"],
      "block (result (ref func)) ref.null func br_on_non_null 0 unreachable end",
    ],
  },
  {
    name: "calls",
    instructions: [
      ...["call $f", "return_call $f", "call_indirect $t (type $pair)", "call_ref $void"],
      ...["call_indirect $long (type $void)", "return_call_indirect $t (type $void)"],
      "return_call_ref $void",
    ],
  },
  {
    name: "variables",
    instructions: ["global.get $last", "global.set $last", "ref.func $f", "ref.null $leaf"],
  },
  {
    name: "loads and stores",
    instructions: [...LOADS, ...NARROW_LOADS, ...STORES].flatMap((name) => [
      `${name} offset=1000`,
      `${name} $n offset=4294967295 align=1`,
      `${name} $big offset=1099511627776`,
    ]),
  },
  {
    name: "memory operations",
    instructions: [
      ...["memory.size", "memory.size $n", "memory.grow", "memory.grow $big", "memory.fill $n"],
      ...["memory.fill $big", "memory.copy", "memory.copy $n $m", "memory.copy $m $big"],
      ...["memory.copy $big $m", "memory.copy $big $big", "memory.init $data"],
      ...["memory.init $big $data", "data.drop $data"],
    ],
  },
  {
    name: "table operations",
    instructions: [
      ...["table.get $u", "table.set $u", "table.size $t", "table.grow $u", "table.fill $t"],
      ...["table.grow $long", "table.fill $long", "table.copy $t $t", "table.copy $long $long2"],
      ...[
        "table.copy $t $long",
        "table.init $t $elem",
        "table.init $long $elem",
        "elem.drop $elem",
      ],
    ],
  },
  {
    name: "selections",
    instructions: [
      ...["i32.const 0 select drop", "select (result i32) drop"],
      ...["select (result (ref null $leaf)) drop", "drop", "nop"],
    ],
  },
  {
    name: "exceptions",
    instructions: [
      ...["throw $tag", "throw_ref", "block try_table (catch_all 0) end end"],
      "block (result i32) try_table (catch $tag 0) end unreachable end",
      "block (result i32 exnref) try_table (catch_ref $tag 0) loop br 0 end end unreachable end",
      "loop block try_table (catch_all 0) (catch_all 1) br 2 end end end",
      "block (result exnref) loop try_table (catch_all_ref 1) end end unreachable end",
    ],
  },
  {
    name: "structures",
    instructions: [
      ...["struct.new $node", "struct.new_default $node", "struct.get $leaf 0"],
      ...["struct.get_s $node 1", "struct.get_u $leaf 1", "struct.set $node 0"],
    ],
  },
  {
    name: "arrays",
    instructions: [
      ...["array.new $array", "array.new_default $bytes", "array.new_fixed $array 3"],
      ...["array.new_data $bytes $data", "array.new_elem $refs $elem", "array.get $array"],
      ...["array.get_s $bytes", "array.get_u $bytes", "array.set $array", "array.len"],
      ...["array.fill $array", "array.copy $array $array", "array.init_data $bytes $data"],
      "array.init_elem $refs $elem",
    ],
  },
  {
    name: "casts",
    instructions: [
      ...["ref.test (ref $leaf)", "ref.test (ref null any)", "ref.cast (ref null $node)"],
      ...["ref.cast (ref i31)", "ref.is_null", "ref.as_non_null", "ref.eq", "ref.i31"],
      ...["i31.get_s", "i31.get_u", "any.convert_extern", "extern.convert_any"],
      "block (result (ref $leaf)) unreachable br_on_cast 0 (ref null $node) (ref $leaf) unreachable end",
      "loop block (result (ref null $node)) unreachable br_on_cast_fail 0 (ref null $node) (ref $leaf) br 1 end drop end",
    ],
  },
  {
    name: "vectors",
    instructions: [
      ...["v128.load $n offset=300", "v128.store", "v128.load8x8_s offset=1", "v128.load32_zero"],
      ...["v128.load64_lane $n offset=70000 1", "v128.store8_lane 15", "i8x16.extract_lane_s 3"],
      ...["i8x16.shuffle 11 11 11 3 3 3 2 2 2 11 11 11 0 0 0 0", "f64x2.replace_lane 1"],
      ...["i32x4.add", "v128.bitselect", "f64x2.sqrt", "i8x16.relaxed_swizzle"],
      "i32x4.relaxed_dot_i8x16_i7x16_add_s",
    ],
  },
  {
    name: "atomics",
    instructions: [
      ...["i32.atomic.load offset=4", "i64.atomic.store32 $n", "i32.atomic.rmw8.cmpxchg_u"],
      ...["memory.atomic.notify", "atomic.fence", "i64.atomic.rmw.xor $n offset=1000"],
    ],
  },
  {
    name: "saturating conversions",
    instructions: ["i32.trunc_sat_f32_s", "i64.trunc_sat_f64_u", "i32.extend8_s"],
  },
];
