;; A command that exits with code 0 instead of returning.
(module
  (import "wasi:cli/exit@0.2.3" "exit" (func $exit (param i32)))
  (func (export "wasi:cli/run@0.2.3#run") (result i32)
    (call $exit (i32.const 0))
    unreachable))
