;; Takes nothing and answers nothing.
(module
  (func $handle_timer_request (export "handle-timer-request")))
