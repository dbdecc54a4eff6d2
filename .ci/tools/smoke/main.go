// Command smoke starts the demo host with the command of the README, visits it
// as an admin does, changes a member, and stops it with SIGTERM: the host must
// then end within 10 seconds with exit code 0.
//
//	smoke -- go run ./integration/devhost
//
// The host gets a free port by -addr and a cache folder of its own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// config is what the command line says.
type config struct {
	page    string
	start   time.Duration
	walk    time.Duration
	stop    time.Duration
	command []string
}

func main() {
	var cfg config
	flag.StringVar(&cfg.page, "page", "/settings/integrations/hubspot", "`path` of the integration's page")
	flag.DurationVar(&cfg.start, "start", 4*time.Minute, "longest time until the ready line, compiling included")
	flag.DurationVar(&cfg.walk, "walk", 2*time.Minute, "longest time of the visit")
	flag.DurationVar(&cfg.stop, "stop", 10*time.Second, "longest time from SIGTERM to the end")
	flag.Parse()
	cfg.command = flag.Args()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, cfg, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, cfg config, out io.Writer) (err error) {
	if len(cfg.command) == 0 {
		return errors.New("smoke: which command?")
	}
	dir, err := os.MkdirTemp("", "smoke-*")
	if err != nil {
		return fmt.Errorf("smoke: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	// A PostgreSQL that runs under another account has to get in.
	if err := os.Chmod(dir, 0o711); err != nil {
		return fmt.Errorf("smoke: %w", err)
	}
	env, err := goCaches()
	if err != nil {
		return err
	}
	addr, err := freeAddr()
	if err != nil {
		return err
	}
	began := time.Now()
	say := func(format string, args ...any) {
		fmt.Fprintf(out, "smoke %5.1f s: "+format+"\n", append([]any{time.Since(began).Seconds()}, args...)...)
	}
	h, err := start(append(cfg.command, "-addr", addr), dir, env, out)
	if err != nil {
		return err
	}
	defer h.kill()
	waiting, cancel := context.WithTimeout(ctx, cfg.start)
	defer cancel()
	url, err := h.await(waiting)
	if err != nil {
		return err
	}
	if url != "http://"+addr {
		return fmt.Errorf("smoke: asked for %s, the host says %s", addr, url)
	}
	say("ready")
	walking, cancel := context.WithTimeout(ctx, cfg.walk)
	defer cancel()
	v := &visit{base: url, say: say}
	if err := v.walk(walking, cfg.page); err != nil {
		return err
	}
	took, err := h.stop(cfg.stop)
	if err != nil {
		return err
	}
	say("stopped %s after SIGTERM, exit code 0", took.Round(time.Millisecond))
	return nil
}

// goCaches keeps Go's caches, which otherwise follow XDG_CACHE_HOME.
func goCaches() ([]string, error) {
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		return nil, fmt.Errorf("smoke: go env: %w", err)
	}
	return []string{"GOCACHE=" + strings.TrimSpace(string(out))}, nil
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("smoke: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}
