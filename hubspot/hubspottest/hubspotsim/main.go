// Command hubspotsim runs the HubSpot simulator as a program that any HubSpot client
// can talk to. It prints one line, "ready http://...", when it answers, and stops at
// SIGTERM or an interrupt.
//
//	go run ./hubspot/hubspottest/hubspotsim -addr 127.0.0.1:9090 -portal 12345678 -token TOKEN
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "hubspotsim:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends. It returns when every connection is closed.
func run(ctx context.Context, args []string, out, help io.Writer) error {
	cfg, err := parse(args, help)
	if err != nil {
		return err
	}
	sim := hubspottest.New(cfg.opts)
	for _, p := range cfg.portals {
		sim.AddPortal(p)
	}
	l, err := net.Listen("tcp", cfg.addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	srv := &http.Server{Handler: sim, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	if _, err := fmt.Fprintf(out, "ready http://%s\n", l.Addr()); err != nil {
		return errors.Join(fmt.Errorf("announce: %w", err), srv.Close())
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if srv.Shutdown(grace) != nil {
		// a call under a long delay is still open: end it
		if err := srv.Close(); err != nil {
			return fmt.Errorf("close: %w", err)
		}
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
