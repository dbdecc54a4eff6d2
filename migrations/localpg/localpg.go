// Package localpg runs a private PostgreSQL for tests and for the demonstration
// host. It is not meant for production data.
//
// The server listens on 127.0.0.1 alone, on a port that was free, and asks for
// a random password. It lives at most as long as the process that started it:
// a small shell watchdog, in a session of its own, holds the read end of a pipe
// whose write end only the starting process has. When that process ends, by any
// means including kill -9, the watchdog reads end-of-file and shuts the server
// down. For the same reason a Ctrl-C in the terminal reaches the host first and
// the server only after the host has finished with it.
//
// Binaries are taken from this machine if there are any, else downloaded once
// into a cache. PostgreSQL refuses to run as root, so a root process runs it
// under the account "postgres" or "nobody".
//
// Unix only.
package localpg

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"sync"
)

// Superuser is the only role of a new server.
const Superuser = "postgres"

// Options configures Start. The zero value is a throw-away server for tests.
type Options struct {
	// DataDir is kept and reused: a second Start finds the databases of the
	// first, also after kill -9 or a power cut (with Durable). It may be
	// relative to the working folder. Empty means a temporary folder that is
	// removed when the server stops.
	DataDir string
	// Durable makes a commit survive a power cut. False trades that for speed
	// (fsync, full_page_writes and synchronous_commit off): for tests only.
	Durable bool
	// Logger receives start and stop, never SQL. Nil means silence.
	Logger *slog.Logger
	// MaxConnections is PostgreSQL's max_connections. 0 means 200.
	MaxConnections int
	// BinaryDir is the folder of initdb and postgres. Empty means search, then
	// download.
	BinaryDir string
	// Repository is the Maven repository that the download comes from. Empty
	// means Maven Central.
	Repository string
	// CacheDir keeps what was downloaded. Empty means the user's cache folder.
	CacheDir string
}

// Server is a running PostgreSQL. Its methods are safe for concurrent use.
type Server struct {
	opts     Options
	binDir   string
	acct     account
	home     folder
	password string
	port     int

	mu      sync.Mutex // guards the fields below
	stopped bool
	pipe    *os.File // write end; closing it tells the watchdog to stop
	exited  chan struct{}
}

// Start runs a server and returns when it accepts connections. ctx bounds the
// start alone, not the life of the server. A first start on a folder takes one
// to two seconds, later ones about a tenth of one.
//
// Two servers never run on one DataDir: if another still does, for instance
// because its owner was killed a moment ago, Start waits up to twenty seconds for
// it to end, then fails.
func Start(ctx context.Context, opts Options) (*Server, error) {
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.MaxConnections == 0 {
		opts.MaxConnections = 200
	}
	s := &Server{opts: opts}
	var err error
	if s.acct, err = chooseAccount(os.Geteuid(), lookupAccount); err != nil {
		return nil, err
	}
	if s.home, err = openFolder(ctx, opts.DataDir, s.acct); err != nil {
		return nil, err
	}
	if err := s.start(ctx); err != nil {
		s.home.abandon()
		return nil, err
	}
	// The watchdog holds the lock from here on, for as long as the server runs.
	s.home.unlock()
	opts.Logger.LogAttrs(ctx, slog.LevelDebug, "postgres started",
		slog.Int("port", s.port), slog.String("data", s.home.path))
	return s, nil
}

func (s *Server) start(ctx context.Context) error {
	var err error
	if s.binDir, err = findBinaries(ctx, s.opts, s.home.major()); err != nil {
		return err
	}
	if s.password, err = s.home.secret(s.acct); err != nil {
		return err
	}
	if err := s.initialise(ctx); err != nil {
		return err
	}
	return s.launchOnFreePort(ctx)
}

// initialise creates the cluster unless there is one. It works in a folder
// beside and renames it at the end, so a start that was killed half way leaves
// nothing that looks like a cluster.
func (s *Server) initialise(ctx context.Context) error {
	if s.home.major() != "" {
		return nil
	}
	fresh := s.home.data() + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("localpg: clear an unfinished start: %w", err)
	}
	args := []string{"-D", fresh, "-U", Superuser, "--pwfile=" + s.home.secretFile(),
		"--auth=password", "--encoding=UTF8", "--locale=C", "--no-instructions"}
	if !s.opts.Durable {
		args = append(args, "--no-sync")
	}
	g, err := s.guard("TERM", "initdb", args...)
	if err != nil {
		return err
	}
	defer g.pipe.Close()
	select {
	case <-g.exited:
	case <-ctx.Done():
		g.pipe.Close()
		<-g.exited
		return fmt.Errorf("localpg: initdb: %w", ctx.Err())
	}
	if g.err != nil {
		log, _ := os.ReadFile(s.home.logFile())
		return fmt.Errorf("localpg: initdb: %w: %s", g.err, tail(string(log)))
	}
	if err := os.Rename(fresh, s.home.data()); err != nil {
		return fmt.Errorf("localpg: keep the new cluster: %w", err)
	}
	return nil
}

// DSN returns the connection string of a database on this server, in the URL
// form that pgdriver, pgx and psql all read. It holds the password: do not log
// it. The server starts with the databases "postgres" and "template1".
func (s *Server) DSN(dbname string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(Superuser, s.password),
		Host:     "127.0.0.1:" + strconv.Itoa(s.port),
		Path:     "/" + dbname,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Port returns the TCP port on 127.0.0.1.
func (s *Server) Port() int { return s.port }
