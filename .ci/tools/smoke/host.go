package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// host is the demo host, started as a reader of the README starts it.
type host struct {
	cmd    *exec.Cmd
	ready  chan string // its address, once
	exited chan error
	twice  chan struct{} // closed if it says ready a second time
}

// start runs command with its caches in dir. What it prints goes to out. The
// Go caches stay where they are, so that nothing is compiled twice.
func start(command []string, dir string, env []string, out io.Writer) (*host, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(append(os.Environ(), env...), "XDG_CACHE_HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stderr = out
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("smoke: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("smoke: %w", err)
	}
	h := &host{cmd: cmd, ready: make(chan string, 1), exited: make(chan error, 1), twice: make(chan struct{})}
	go func() {
		seen := 0
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			fmt.Fprintln(out, lines.Text())
			if url, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
				if seen++; seen == 1 {
					h.ready <- strings.TrimSpace(url)
				} else if seen == 2 {
					close(h.twice)
				}
			}
		}
		_, _ = io.Copy(out, stdout) // a line too long for the scanner
		h.exited <- cmd.Wait()
	}()
	return h, nil
}

func (h *host) await(ctx context.Context) (string, error) {
	select {
	case url := <-h.ready:
		return url, nil
	case err := <-h.exited:
		h.exited <- err
		return "", fmt.Errorf("smoke: the host ended before it was ready: %v", err)
	case <-ctx.Done():
		return "", errors.New("smoke: no line \"ready http://...\" in time")
	}
}

// stop sends SIGTERM to the program itself, which is the child of "go run":
// that hands no signal on, but hands the exit code back. It wants exit code 0
// within limit.
func (h *host) stop(limit time.Duration) (time.Duration, error) {
	pid := h.cmd.Process.Pid
	if child := onlyChild(pid); child != 0 && filepath.Base(h.cmd.Path) == "go" {
		pid = child
	}
	began := time.Now()
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return 0, fmt.Errorf("smoke: SIGTERM: %w", err)
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-h.exited:
		h.exited <- err
		if err != nil {
			return 0, fmt.Errorf("smoke: after SIGTERM, want exit code 0: %w", err)
		}
	case <-timer.C:
		return 0, fmt.Errorf("smoke: still running %s after SIGTERM", limit)
	}
	select {
	case <-h.twice:
		return 0, errors.New("smoke: said \"ready\" more than once")
	default:
		return time.Since(began), nil
	}
}

// kill ends what is left of the host, its children with it.
func (h *host) kill() {
	select {
	case err := <-h.exited:
		h.exited <- err
	default:
		_ = syscall.Kill(-h.cmd.Process.Pid, syscall.SIGKILL)
		<-h.exited
	}
}

// onlyChild finds the child of a process, or 0 if it has none or several.
func onlyChild(parent int) int {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	found := 0
	for _, name := range stats {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		// pid (name) state ppid ...; the name may hold anything
		_, rest, _ := strings.Cut(string(text[strings.LastIndexByte(string(text), ')')+1:]), " ")
		fields := strings.Fields(rest)
		if len(fields) < 2 || fields[1] != strconv.Itoa(parent) || fields[0] == "Z" {
			continue
		}
		if found != 0 {
			return 0
		}
		found, _ = strconv.Atoi(filepath.Base(filepath.Dir(name)))
	}
	return found
}
