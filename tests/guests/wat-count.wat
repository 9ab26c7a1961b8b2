;; Answers how many times it was called, as one digit counted in a global and one counted in
;; memory: always "1 1" if every event has fresh state.
(module
  (memory (export "memory") 1)
  (global $calls (mut i32) (i32.const 0))
  (global $next (mut i32) (i32.const 1024))

  (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    global.get $next
    (global.set $next (i32.add (global.get $next) (local.get 3))))

  (func $handle_timer_request (export "handle-timer-request")
    (param $message i32) (param $length i32) (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
    (i32.store8 (i32.const 16) (i32.add (i32.const 0x30) (global.get $calls)))
    (i32.store8 (i32.const 17) (i32.const 0x20))
    (i32.store8 (i32.const 18) (i32.add (i32.const 0x30) (i32.load (i32.const 8))))
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 3))
    (i32.const 0)))
