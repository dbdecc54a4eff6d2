package main_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// crashPatience bounds each wait of the crash test; each takes far less.
const crashPatience = 90 * time.Second

// buildHost compiles the demo host as its users do and returns the program.
func buildHost(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "devhost")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("build the demo host: %v\n%s", err, out)
	}
	return path
}

// life is one process of the demo host, from its start to its kill.
type life struct {
	cmd   *exec.Cmd
	url   string
	ended chan struct{}
	said  *said
}

// said collects what a process says on standard error.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// launchHost starts the program. Its URL comes on ready once it serves; the
// channel is closed if it ends before.
func launchHost(t *testing.T, path string, vars []string, args ...string) (l *life, ready <-chan string) {
	t.Helper()
	l = &life{cmd: exec.CommandContext(t.Context(), path, args...), ended: make(chan struct{}), said: &said{}}
	l.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, vars...)
	l.cmd.Stderr = l.said
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	urls := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if url, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
				urls <- url
				break
			}
		}
		for lines.Scan() { // so that the program can always write
		}
		_ = l.cmd.Wait() // it is killed: the error says so
		close(urls)
		close(l.ended)
	}()
	t.Cleanup(func() { l.kill(t) })
	return l, urls
}

// kill ends the process as a power failure does, and returns when it is gone.
func (l *life) kill(t *testing.T) {
	t.Helper()
	_ = l.cmd.Process.Kill() // it may have ended
	select {
	case <-l.ended:
	case <-time.After(crashPatience):
		t.Error("the process did not end when it was killed")
	}
}

// until polls cond: for states that nobody signals, in the database or behind
// the host's API.
func until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), crashPatience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-ctx.Done():
			t.Fatalf("not within %v: %s", crashPatience, what)
		case <-tick.C:
		}
	}
}
