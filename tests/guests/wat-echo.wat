;; Answers "ECHO: " and the message.
(module
  (memory (export "memory") 1)
  (data (i32.const 16) "ECHO: ")
  (global $next (mut i32) (i32.const 1024))

  (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    global.get $next
    (global.set $next (i32.add (global.get $next) (local.get 3))))

  (func $handle_timer_request (export "handle-timer-request")
    (param $message i32) (param $length i32) (result i32)
    ;; The greeting stands at 16, so the message is moved behind it.
    (memory.copy (i32.const 22) (local.get $message) (local.get $length))
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.add (i32.const 6) (local.get $length)))
    (i32.const 0)))
