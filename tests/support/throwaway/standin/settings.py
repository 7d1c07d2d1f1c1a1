"""The stand-in's server settings: those that the droplet's units rely on, as the service has them."""

wsgi_app = "standin:application"
preload_app = True
worker_class = "gthread"
workers = 2
threads = 4
graceful_timeout = 15
control_socket_disable = True
