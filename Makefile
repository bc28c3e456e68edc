# SPDX-License-Identifier: GPL-2.0-only
#
# make              build the modules for the running kernel
# make samples      and the sample vendor drivers
# make install      install the modules (dkms does this for you)
# make demo         see interrupts arrive on a stock kernel in a VM
# make test         run every suite (SUITE=array KERNEL=6.1 narrow it)
# make check        static checks
# make deb          build the Debian packages (OUT=folder)
# make bench        what an interrupt costs, beside MSI-X (KERNEL=6.12 SITES=1)
#
# KDIR=... names another kernel's headers or build tree.

KDIR ?= /lib/modules/$(shell uname -r)/build
kbuild = -C $(KDIR) M=$(1)

modules: headers
	$(MAKE) $(call kbuild,$(CURDIR)) modules

# Built as a vendor builds: from the public headers and the exported symbols
samples tests/modules: modules
	$(MAKE) $(call kbuild,$(CURDIR)/$@) IMS=$(CURDIR) modules

install: modules
	$(MAKE) $(call kbuild,$(CURDIR)) modules_install

clean: headers
	$(MAKE) $(call kbuild,$(CURDIR)) clean
	$(MAKE) $(call kbuild,$(CURDIR)/samples) IMS=$(CURDIR) clean
	$(MAKE) $(call kbuild,$(CURDIR)/tests/modules) IMS=$(CURDIR) clean

headers:
	@test -e $(KDIR)/Makefile && test -e $(KDIR)/Module.symvers || { \
		echo "ims: no kernel headers in $(KDIR); on Debian: apt-get install linux-headers-$$(uname -r)" >&2; \
		exit 1; }

demo:
	@tests/demo

test:
	@tests/run "$(SUITE)" "$(KERNEL)"

check:
	@tests/run check

bench:
	@SITES="$(SITES)" tests/bench $(KERNEL)

deb:
	@tests/vm/deb "$(OUT)"

.PHONY: modules samples tests/modules install clean headers demo test check \
	bench deb
