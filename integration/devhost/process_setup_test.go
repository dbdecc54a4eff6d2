package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestMain lets this test binary be the program: with DEVHOST_TEST_RUN set it
// is devhost and runs no tests.
func TestMain(m *testing.M) {
	if os.Getenv("DEVHOST_TEST_RUN") == "" {
		os.Exit(m.Run())
	}
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}

// process is devhost as its users start it.
type process struct {
	cmd   *exec.Cmd
	url   string // of the ready line
	ready chan string
	ended chan struct{}

	mu     sync.Mutex
	stdout []string
	stderr bytes.Buffer
}

// launch starts the program with these variables added to a bare environment.
func launch(t *testing.T, vars []string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(os.Args[0], args...), ready: make(chan string, 1), ended: make(chan struct{})}
	p.cmd.Env = append([]string{"DEVHOST_TEST_RUN=1", "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}, vars...)
	p.cmd.Stdin = strings.NewReader("")
	p.cmd.Stderr = &locked{p: p}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			p.mu.Lock()
			p.stdout = append(p.stdout, lines.Text())
			p.mu.Unlock()
			if url, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
				select {
				case p.ready <- url:
				default: // a second ready line: the test counts them
				}
			}
		}
		_ = p.cmd.Wait() // the exit code is in ProcessState
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.ended
		if t.Failed() {
			t.Logf("stderr of devhost:\n%s", p.said())
		}
	})
	return p
}

// start is launch, then waits for the ready line.
func start(t *testing.T, vars []string, args ...string) *process {
	t.Helper()
	p := launch(t, vars, args...)
	select {
	case p.url = <-p.ready:
	case <-p.ended:
		t.Fatalf("devhost ended before it was ready: %s", p.said())
	case <-time.After(patience):
		t.Fatalf("devhost was not ready within %v: %s", patience, p.said())
	}
	return p
}

type locked struct{ p *process }

func (l *locked) Write(b []byte) (int, error) {
	l.p.mu.Lock()
	defer l.p.mu.Unlock()
	return l.p.stderr.Write(b)
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.String()
}

// exit waits for the end and returns the exit code.
func (p *process) exit(t *testing.T, within time.Duration) int {
	t.Helper()
	select {
	case <-p.ended:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(within):
		t.Fatalf("devhost still runs after %v: %s", within, p.said())
		return -1
	}
}

// terminate sends SIGTERM and insists on a clean end within 10 s.
func (p *process) terminate(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := p.exit(t, 10*time.Second); code != 0 {
		t.Errorf("exit code %d after SIGTERM: %s", code, p.said())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.stdout) != 1 {
		t.Errorf("standard output: %q; want the ready line alone", p.stdout)
	}
}

// ask calls the running program as an admin.
func (p *process) ask(t *testing.T, method, path, clientID, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if clientID != "" {
		req.Header.Set("X-Client-Id", clientID)
		req.Header.Set("X-Role", "ROLE_CLIENT_ADMIN")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil && !errors.Is(err, context.Canceled) {
		t.Fatalf("%s %s: %d: %v", method, path, resp.StatusCode, err)
	}
	return resp.StatusCode, out
}

// first returns the first client as /demo/clients lists it.
func (p *process) first(t *testing.T) map[string]any {
	t.Helper()
	_, out := p.ask(t, "GET", "/demo/clients", "", "")
	return out["clients"].([]any)[0].(map[string]any)
}

// settled waits until the first sync of a client is done and returns the status.
func (p *process) settled(t *testing.T, clientID string) map[string]any {
	t.Helper()
	var st map[string]any
	eventually(t, "the first sync is done", func() bool {
		_, st = p.ask(t, "GET", hubspotAPI+"status", clientID, "")
		run, _ := st["run"].(map[string]any)
		return run != nil && run["finishedAt"] != nil && st["pending"] == 0.0 && st["members"].(map[string]any)["waiting"] == 0.0
	})
	return st
}
