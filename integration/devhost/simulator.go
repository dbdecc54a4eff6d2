package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/simulated"
)

// simulator is the built-in HubSpot on a loopback port of its own.
type simulator struct {
	url    string
	crm    *simulated.HubSpot
	server *http.Server
}

// startSimulator serves a new, empty HubSpot. Its portal ids come from the
// database, so that no two starts of a host use the same.
func startSimulator(ctx context.Context, db *bun.DB, log *slog.Logger) (*simulator, error) {
	var first int64
	if err := db.NewRaw("select nextval('mp_simulated_portals')").Scan(ctx, &first); err != nil {
		return nil, fmt.Errorf("portal ids of the simulator: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	sim := hubspottest.New(hubspottest.Options{
		Latency: 40 * time.Millisecond, // far less than the real one's, enough to see progress
		LogCap:  5000, LogBodyBytes: 8 << 20,
	})
	s := &simulator{
		url: "http://" + listener.Addr().String(), crm: simulated.New(sim, first),
		server: &http.Server{Handler: sim, ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)},
	}
	go func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the simulator ended", "error", err)
		}
	}()
	return s, nil
}

func (s *simulator) stop() { _ = s.server.Close() }
