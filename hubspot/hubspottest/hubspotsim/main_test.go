package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// start runs the program and answers its address; stop ends it and answers its error.
func start(t *testing.T, args ...string) (url string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), w, io.Discard)
		_ = w.CloseWithError(io.EOF)
		done <- err
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("no ready line: %v, %v", err, <-done)
	}
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ok {
		t.Fatalf("ready line is %q", line)
	}
	return url, func() error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(20 * time.Second):
			t.Fatal("the program does not stop")
			return nil
		}
	}
}

func get(t *testing.T, url, token string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

func TestServesPortalsUntilItIsStopped(t *testing.T) {
	t.Parallel()
	url, stop := start(t, "-portal", "11", "-token", "ONE", "-portal", "22", "-token", "TWO", "-scopes", "oauth", "-timezone", "Europe/Zurich")
	for token, want := range map[string]string{"ONE": `"portalId":11,`, "TWO": `"portalId":22,`} {
		if code, body := get(t, url+"/account-info/2026-03/details", token); code != 200 || !strings.Contains(body, want) {
			t.Fatalf("%d %s", code, body)
		}
	}
	if code, _ := get(t, url+"/crm/objects/2026-03/contacts", "TWO"); code != http.StatusForbidden {
		t.Fatalf("scopes are not heeded: %d", code)
	}
	if code, body := get(t, url+"/_sim/state?portal=22", ""); code != 200 || !strings.Contains(body, `"contacts":[]`) {
		t.Fatalf("%d %s", code, body)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := http.Get(url); err == nil {
		t.Fatal("the address still answers")
	}
}

func TestStopsUnderAnOpenCall(t *testing.T) {
	t.Parallel()
	url, stop := start(t, "-portal", "11", "-token", "ONE", "-latency", "1h")
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/account-info/v3/details", nil)
		if err != nil {
			return
		}
		req.Header.Set("Authorization", "Bearer ONE")
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
		}
	}()
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	<-gone
}

func TestTakenAddressIsAnError(t *testing.T) {
	t.Parallel()
	url, stop := start(t)
	defer func() { _ = stop() }()
	if err := run(t.Context(), []string{"-addr", strings.TrimPrefix(url, "http://")}, io.Discard, io.Discard); err == nil {
		t.Fatal("two programs on one address")
	}
}
