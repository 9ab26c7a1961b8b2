;; Exports the right name with the wrong type.
(module
  (func $handle_timer_request (export "handle-timer-request") (param $number i32)))
