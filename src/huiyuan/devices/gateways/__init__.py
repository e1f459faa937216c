"""Payment gateways: one small protocol over HTTP, and none. The test's gateway is in `devices/simulators`."""
