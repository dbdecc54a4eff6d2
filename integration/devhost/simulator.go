package main

import (
	"context"
	"database/sql"
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
	alone  *sql.Conn // holds the lock of owned
}

// startSimulator serves a new, empty HubSpot. Its portal ids come from the
// database, so that no two starts of a host use the same.
func startSimulator(ctx context.Context, db *bun.DB, log *slog.Logger) (*simulator, error) {
	alone, err := owned(ctx, db)
	if err != nil {
		return nil, err
	}
	var first int64
	if err := db.NewRaw("select nextval('mp_simulated_portals')").Scan(ctx, &first); err != nil {
		return nil, errors.Join(fmt.Errorf("portal ids of the simulator: %w", err), alone.Close())
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("simulator: %w", err), alone.Close())
	}
	sim := hubspottest.New(hubspottest.Options{
		Latency: 40 * time.Millisecond, // far less than the real one's, enough to see progress
		LogCap:  5000, LogBodyBytes: 8 << 20,
	})
	s := &simulator{
		alone: alone,
		url:   "http://" + listener.Addr().String(), crm: simulated.New(sim, first),
		server: &http.Server{Handler: sim, ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)},
	}
	go func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the simulator ended", "error", err)
		}
	}()
	return s, nil
}

func (s *simulator) stop() {
	_ = s.server.Close()
	_ = s.alone.Close()
}

// owned makes sure that no other host brings a simulator to this database: each
// would connect the same clients to portals that the other cannot reach. The
// lock lives as long as the connection that is returned.
func owned(ctx context.Context, db *bun.DB) (*sql.Conn, error) {
	conn, err := db.DB.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	const key = 7012026112302 // beside the lock of the host's migrations
	var free bool
	if err := conn.QueryRowContext(ctx, fmt.Sprintf("select pg_try_advisory_lock(%d)", key)).Scan(&free); err != nil {
		return nil, errors.Join(fmt.Errorf("simulator: %w", err), conn.Close())
	}
	if !free {
		return nil, errors.Join(errors.New("another demo host with a simulator of its own runs on this database: "+
			"stop it, or share its HubSpot with -hubspot-url, whose address it has printed"), conn.Close())
	}
	return conn, nil
}
