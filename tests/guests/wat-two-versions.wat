;; Imports one interface at two versions and answers how many arguments each gives, as two digits.
;; A whole component, because wasm-tools would merge the two imports into the newer one.
(component
  (type $environment (instance
    (export "get-arguments" (func (result (list string))))))
  (import "wasi:cli/environment@0.2.0" (instance $old (type $environment)))
  (import "wasi:cli/environment@0.2.6" (instance $new (type $environment)))

  (core module $Heap
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      global.get $next
      (global.set $next (i32.add (global.get $next) (local.get 3)))))
  (core instance $heap (instantiate $Heap))

  (core func $get_old (canon lower (func $old "get-arguments")
    (memory (core memory $heap "memory")) (realloc (core func $heap "cabi_realloc"))))
  (core func $get_new (canon lower (func $new "get-arguments")
    (memory (core memory $heap "memory")) (realloc (core func $heap "cabi_realloc"))))

  (core module $Main
    (import "heap" "memory" (memory 1))
    (import "host" "get-old" (func $get_old (param i32)))
    (import "host" "get-new" (func $get_new (param i32)))
    (func $handle_timer_request (export "handle-timer-request")
      (param $message i32) (param $length i32) (result i32)
      (call $get_old (i32.const 32))
      (i32.store8 (i32.const 16) (i32.add (i32.const 0x30) (i32.load (i32.const 36))))
      (call $get_new (i32.const 32))
      (i32.store8 (i32.const 17) (i32.add (i32.const 0x30) (i32.load (i32.const 36))))
      (i32.store (i32.const 0) (i32.const 16))
      (i32.store (i32.const 4) (i32.const 2))
      (i32.const 0)))
  (core instance $main (instantiate $Main
    (with "heap" (instance $heap))
    (with "host" (instance
      (export "get-old" (func $get_old))
      (export "get-new" (func $get_new))))))

  (func (export "handle-timer-request") (param "msg" string) (result string)
    (canon lift (core func $main "handle-timer-request")
      (memory (core memory $heap "memory")) (realloc (core func $heap "cabi_realloc")))))
