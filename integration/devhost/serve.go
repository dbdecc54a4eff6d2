package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/seed"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

// Times of the stop: together less than the 10 s that an operator grants.
const (
	stopTime  = 8500 * time.Millisecond // everything but PostgreSQL's own shutdown
	pagesTime = 1500 * time.Millisecond // requests under way
)

// serve starts everything, in an order in which nothing is begun before what
// it needs is known to work, serves until ctx ends, and stops everything in
// reverse.
func serve(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	level := slog.LevelWarn
	if o.verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
	say := func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }

	listener, err := listen(o.addr)
	if err != nil {
		return err
	}
	var undo stack
	defer func() {
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		undo.run(within)
	}()
	undo.push(func(context.Context) { _ = listener.Close() })
	url := "http://" + listener.Addr().String()

	s, err := prepare(ctx, o, url, &undo, log, say)
	if err != nil {
		return unlessAsked(ctx, err)
	}
	h, err := newHost(s)
	if err != nil {
		return err
	}
	list, err := h.seedFirst(ctx, o)
	if err != nil {
		return unlessAsked(ctx, err)
	}
	if err := h.Registry.Start(ctx); err != nil {
		return unlessAsked(ctx, err)
	}
	undo.push(func(within context.Context) {
		if err := h.Registry.Stop(within); err != nil {
			log.Warn("the plugin did not stop cleanly", "error", err)
		}
	})
	server := &http.Server{
		Handler: h.handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: time.Minute,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	undo.push(func(within context.Context) {
		within, cancel := context.WithTimeout(within, pagesTime)
		defer cancel()
		if server.Shutdown(within) != nil {
			_ = server.Close()
		}
	})
	joined := h.connectFirst(ctx, o, s, list, say)
	if ctx.Err() != nil {
		return nil
	}
	fmt.Fprintf(stdout, "ready %s\n", url)
	watch, enough := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { h.followAll(watch, stderr, joined) })
	undo.push(func(context.Context) { enough(); watching.Wait() })
	select {
	case <-ctx.Done():
		say("stopping")
		return nil
	case err := <-ended:
		return fmt.Errorf("the server ended: %w", err)
	}
}

func (h *host) followAll(ctx context.Context, out io.Writer, joined []clients.Client) {
	for _, c := range joined {
		follow(ctx, out, c.Name, func(ctx context.Context) (integration.Status, error) { return h.Plugin.Status(ctx, c.ID) })
	}
}

// prepare starts what the host needs around it: database, tables, HubSpot.
func prepare(ctx context.Context, o options, url string, undo *stack, log *slog.Logger, say func(string, ...any)) (setup, error) {
	f, err := openFolder()
	if err != nil {
		return setup{}, err
	}
	dsn := o.databaseURL
	if dsn == "" {
		if err := f.take(url); err != nil {
			return setup{}, err
		}
		undo.push(func(context.Context) { f.release() })
		name := "memberpulse"
		if o.real { // never beside invented members
			name = "memberpulse_real"
		}
		say("starting PostgreSQL, data in %s", f.path)
		server, address, err := startPostgres(ctx, f, name, o.fresh, log)
		if err != nil {
			return setup{}, err
		}
		undo.push(func(context.Context) { server.Stop() })
		dsn = address
	}
	db, err := openDatabase(ctx, dsn)
	if err != nil {
		return setup{}, err
	}
	undo.push(func(context.Context) { _ = db.Close() })
	if o.fresh && o.databaseURL != "" {
		if err := wipe(ctx, db); err != nil {
			return setup{}, err
		}
	}
	if err := migrate(ctx, db); err != nil {
		return setup{}, err
	}
	s := setup{DB: db, BaseURL: o.hubspotURL, Address: url, Version: o.version, Loopback: signin.Loopback(o.addr), Logger: log, Now: time.Now}
	if s.SealKey, err = f.sealKey(o.sealKey); err != nil {
		return setup{}, err
	}
	if o.real {
		return s, noInventedMembers(ctx, clients.New(db))
	}
	if o.hubspotURL == "" {
		sim, err := startSimulator(ctx, db, log)
		if err != nil {
			return setup{}, err
		}
		undo.push(func(context.Context) { sim.stop() })
		say("simulated HubSpot at %s", sim.url)
		s.BaseURL, s.HubSpot = sim.url, sim.crm
	}
	if !s.Loopback {
		say("not listening on loopback: the demo sign-in and the headers of scripts are off")
	}
	return s, nil
}

func (h *host) seedFirst(ctx context.Context, o options) ([]clients.Client, error) {
	if o.real {
		return h.Seeder.First(ctx, 1, 0)
	}
	return h.Seeder.First(ctx, o.clients, o.members)
}

// furnish puts the contacts that were there before into the simulated account
// of client number n, if it is one of the invented ones.
func (s setup) furnish(n int, c clients.Client, invented int) {
	if c.Seeded && n < invented {
		s.HubSpot.Furnish(c.ID, seed.Members(n, seed.LastKnown+1, s.Now()))
	}
}

func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("the address %s is in use: another demo host or another program listens there. "+
			"Stop it, or choose another with -addr, for example -addr 127.0.0.1:0", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", addr, err)
	}
	return l, nil
}

// unlessAsked hides errors that a signal caused: stopping was asked for.
func unlessAsked(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// stack is what is to be undone, last first.
type stack []func(context.Context)

func (s *stack) push(do func(context.Context)) { *s = append(*s, do) }

func (s *stack) run(ctx context.Context) {
	for i := len(*s) - 1; i >= 0; i-- {
		(*s)[i](ctx)
	}
	*s = nil
}
