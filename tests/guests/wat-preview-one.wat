;; A core module, and a command of WASI preview 1. The first letter of its first argument says what
;; it does: `a` writes its arguments and its environment, each with a zero byte behind it; `c` copies
;; stdin to stdout; `r` copies the file `file.txt` in its first directory to stdout; `x` exits with
;; code 7; `t` traps; whatever else ends at once.
(module
  (import "wasi_snapshot_preview1" "args_sizes_get"
    (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get"
    (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 2)
  (data (i32.const 64) "file.txt")

  ;; 0: one iovec; 8: a count; 16 and 20: the sizes of a list; 24: a descriptor.
  (func $write (param $start i32) (param $length i32)
    (local $written i32)
    (loop $more
      (i32.store (i32.const 0) (local.get $start))
      (i32.store (i32.const 4) (local.get $length))
      (call $check (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (local.set $written (i32.load (i32.const 8)))
      (local.set $start (i32.add (local.get $start) (local.get $written)))
      (local.set $length (i32.sub (local.get $length) (local.get $written)))
      (br_if $more (local.get $length))))

  (func $copy (param $descriptor i32)
    (loop $more
      (i32.store (i32.const 0) (i32.const 65536))
      (i32.store (i32.const 4) (i32.const 32768))
      (call $check
        (call $fd_read (local.get $descriptor) (i32.const 0) (i32.const 1) (i32.const 8)))
      (if (i32.load (i32.const 8))
        (then
          (call $write (i32.const 65536) (i32.load (i32.const 8)))
          (br $more)))))

  ;; Exits with the error number, if there is one.
  (func $check (param $errno i32)
    (if (local.get $errno) (then (call $proc_exit (local.get $errno)))))

  (func $read_file
    (call $check
      (call $path_open (i32.const 3) (i32.const 1) (i32.const 64) (i32.const 8) (i32.const 0)
        (i64.const 2) (i64.const 2) (i32.const 0) (i32.const 24)))
    (call $copy (i32.load (i32.const 24))))

  (func (export "_start")
    (local $action i32)
    (call $check (call $args_sizes_get (i32.const 16) (i32.const 20)))
    (call $check (call $args_get (i32.const 1024) (i32.const 4096)))
    (if (i32.gt_u (i32.load (i32.const 16)) (i32.const 1))
      (then (local.set $action (i32.load8_u (i32.load (i32.const 1028))))))
    (if (i32.eq (local.get $action) (i32.const 0x61)) ;; a
      (then
        (call $write (i32.const 4096) (i32.load (i32.const 20)))
        (call $check (call $environ_sizes_get (i32.const 16) (i32.const 20)))
        (call $check (call $environ_get (i32.const 1024) (i32.const 4096)))
        (if (i32.load (i32.const 20))
          (then (call $write (i32.const 4096) (i32.load (i32.const 20)))))))
    (if (i32.eq (local.get $action) (i32.const 0x63)) ;; c
      (then (call $copy (i32.const 0))))
    (if (i32.eq (local.get $action) (i32.const 0x72)) ;; r
      (then (call $read_file)))
    (if (i32.eq (local.get $action) (i32.const 0x78)) ;; x
      (then (call $proc_exit (i32.const 7))))
    (if (i32.eq (local.get $action) (i32.const 0x74)) ;; t
      (then unreachable))))
