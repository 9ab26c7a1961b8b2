;; Writes to stdout and stderr: whole lines, a line in two pieces, and one that never ends.
(module
  (import "wasi:cli/stdout@0.2.6" "get-stdout" (func $get_stdout (result i32)))
  (import "wasi:cli/stderr@0.2.6" "get-stderr" (func $get_stderr (result i32)))
  (import "wasi:io/streams@0.2.6" "[method]output-stream.blocking-write-and-flush"
    (func $write (param i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 32) "out one\nout two\nout ")
  (data (i32.const 52) "three\nout open")
  (data (i32.const 66) "err one\nerr open")
  (global $next (mut i32) (i32.const 1024))

  (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    global.get $next
    (global.set $next (i32.add (global.get $next) (local.get 3))))

  (func $handle_timer_request (export "handle-timer-request")
    (param $message i32) (param $length i32) (result i32)
    (local $stdout i32)
    (local $stderr i32)
    (local.set $stdout (call $get_stdout))
    (local.set $stderr (call $get_stderr))
    (call $write (local.get $stdout) (i32.const 32) (i32.const 20) (i32.const 16))
    (call $write (local.get $stderr) (i32.const 66) (i32.const 16) (i32.const 16))
    (call $write (local.get $stdout) (i32.const 52) (i32.const 14) (i32.const 16))
    ;; The bytes 0 to 7 are zero: an empty string.
    (i32.const 0)))
