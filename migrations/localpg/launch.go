package localpg

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

//go:embed watchdog.sh
var watchdog string

const (
	startWait = 2 * time.Minute // recovery of a killed cluster included
	stopWait  = 30 * time.Second
	pollEvery = 10 * time.Millisecond
	portTries = 10
)

var errPortTaken = errors.New("localpg: the port was taken")

// launchOnFreePort asks the kernel for a free port and starts there. Somebody
// else may take the port in between; only PostgreSQL's own bind decides.
func (s *Server) launchOnFreePort(ctx context.Context) error {
	for range portTries {
		port, err := freePort(ctx)
		if err != nil {
			return err
		}
		if err = s.launch(ctx, port); !errors.Is(err, errPortTaken) {
			return err
		}
	}
	return fmt.Errorf("%w %d times in a row", errPortTaken, portTries)
}

func freePort(ctx context.Context) (int, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("localpg: no free port on 127.0.0.1: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// guarded is a command under the watchdog.
type guarded struct {
	pipe   *os.File      // write end; closing it ends the command
	exited chan struct{} // closed when watchdog and command have ended
	err    error         // of the command; read it after exited
}

// guard runs a program of PostgreSQL so that it ends with this process.
func (s *Server) guard(signal, program string, args ...string) (*guarded, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("localpg: pipe: %w", err)
	}
	defer read.Close()
	_ = os.Remove(s.home.logFile()) // one start, one log
	remove := ""
	if s.home.temporary {
		remove = s.home.path
	}
	cmd := exec.Command("/bin/sh", append([]string{"-c", watchdog, "localpg", signal, remove, s.home.logFile(),
		filepath.Join(s.binDir, program)}, args...)...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = s.home.path, s.environ(), s.acct.attr()
	cmd.Stdin = read
	if s.home.lock != nil {
		cmd.ExtraFiles = []*os.File{s.home.lock}
	}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("localpg: start the watchdog: %w", err), write.Close())
	}
	g := &guarded{pipe: write, exited: make(chan struct{})}
	go func() { g.err = cmd.Wait(); close(g.exited) }()
	return g, nil
}

// launch starts the server on the port and waits until it is ready.
func (s *Server) launch(ctx context.Context, port int) error {
	signal := "INT"
	if s.home.temporary {
		signal = "QUIT" // a throw-away cluster needs no checkpoint on its way out
	}
	g, err := s.guard(signal, "postgres", append([]string{"-D", s.home.data()}, s.settings(port)...)...)
	if err != nil {
		return err
	}
	if err := s.awaitReady(ctx, port, g.exited); err != nil {
		g.pipe.Close()
		<-g.exited
		return err
	}
	s.port, s.pipe, s.exited = port, g.pipe, g.exited
	return nil
}

func (s *Server) awaitReady(ctx context.Context, port int, exited <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-exited:
			log, _ := os.ReadFile(s.home.logFile())
			if strings.Contains(string(log), "Address already in use") {
				return errPortTaken
			}
			return fmt.Errorf("localpg: postgres did not start: %s", tail(string(log)))
		case <-ctx.Done():
			return fmt.Errorf("localpg: postgres is not ready: %w", ctx.Err())
		case <-tick.C:
			if s.pidFile().readyOn(port) {
				return nil
			}
		}
	}
}

// settings are the command line of the server; nothing is written to its
// configuration file.
func (s *Server) settings(port int) []string {
	set := []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(port), "unix_socket_directories=",
		"max_connections=" + strconv.Itoa(s.opts.MaxConnections), "shared_buffers=32MB",
		"wal_level=minimal", "max_wal_senders=0", "timezone=UTC", "log_timezone=UTC",
		"logging_collector=off", "log_destination=stderr",
	}
	if !s.opts.Durable {
		set = append(set, "fsync=off", "full_page_writes=off", "synchronous_commit=off")
	}
	args := make([]string, 0, 2*len(set))
	for _, v := range set {
		args = append(args, "-c", v)
	}
	return args
}

// environ is a small environment: PGDATA and its like must not leak in.
func (s *Server) environ() []string {
	return []string{"PATH=" + s.binDir + ":/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC",
		"HOME=" + s.home.path, "PWD=" + s.home.path}
}

// Stop shuts the server down and returns when it has ended. A temporary server
// leaves nothing behind. Open connections are cut. Further calls do nothing.
func (s *Server) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return
	}
	s.stopped = true
	pid := s.pidFile().pid
	s.pipe.Close()
	select {
	case <-s.exited:
	case <-time.After(stopWait):
		s.opts.Logger.Warn("postgres ignored the shutdown; killing it", "pid", pid)
		if pid > 0 {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		<-s.exited
	}
	if s.home.temporary { // the watchdog has done this, unless somebody killed it
		_ = os.RemoveAll(s.home.path)
	}
	s.opts.Logger.Debug("postgres stopped", "port", s.port)
}

// Restart ends the server the way a crash does (no checkpoint, every connection
// cut), starts it again on the same port and data, and waits for its recovery.
// It exists to prove that work survives the loss of the database. After an
// error the server is down; Stop is still due.
func (s *Server) Restart(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return errors.New("localpg: restart of a stopped server")
	}
	if pid := s.pidFile().pid; pid > 0 {
		if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("localpg: crash postgres: %w", err)
		}
	}
	select {
	case <-s.exited:
	case <-ctx.Done():
		return fmt.Errorf("localpg: restart: %w", ctx.Err())
	}
	s.pipe.Close()
	if err := s.home.takeLock(ctx, s.acct); err != nil {
		return err
	}
	defer s.home.unlock()
	for range portTries {
		err := s.launch(ctx, s.port)
		if !errors.Is(err, errPortTaken) {
			return err
		}
	}
	return fmt.Errorf("%w while postgres was down: %d", errPortTaken, s.port)
}

// pidFile is what PostgreSQL writes about itself while it runs:
// https://www.postgresql.org/docs/current/storage-file-layout.html
type pidFile struct {
	pid, port int
	status    string
}

func (s *Server) pidFile() pidFile {
	b, err := os.ReadFile(filepath.Join(s.home.data(), "postmaster.pid"))
	if err != nil {
		return pidFile{}
	}
	var p pidFile
	lines := strings.Split(string(b), "\n")
	if len(lines) > 0 {
		p.pid, _ = strconv.Atoi(strings.TrimSpace(lines[0]))
	}
	if len(lines) > 3 {
		p.port, _ = strconv.Atoi(strings.TrimSpace(lines[3]))
	}
	if len(lines) > 7 {
		p.status = strings.TrimSpace(lines[7])
	}
	return p
}

func (p pidFile) readyOn(port int) bool { return p.port == port && p.status == "ready" }

// tail keeps the end of a program's output short enough for an error.
func tail(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "; ")
}
