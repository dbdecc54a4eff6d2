package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets this test binary be the judge: a proxy that finds an error in
// every reply that says "wrong".
func TestMain(m *testing.M) {
	if len(os.Args) < 2 || os.Args[1] != "serve" {
		os.Exit(m.Run())
	}
	upstream, err := url.Parse(os.Args[5])
	if err != nil {
		os.Exit(2)
	}
	found := make(chan int, 100)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(upstream) },
		ModifyResponse: func(r *http.Response) error {
			if r.Header.Get("X-Verdict") == "wrong" {
				found <- 1
			}
			return nil
		},
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM) // before it says that it is ready: who reads that may end it
	server, listening := serve(proxy)
	fmt.Fprintf(os.Stderr, "judge: ready; %s -> %s\n", listening, upstream)
	<-stop
	_ = server.Close()
	fmt.Fprintf(os.Stderr, "judge: %d errors\n", len(found))
	os.Exit(min(len(found), 1))
}

func record(t *testing.T, all ...exchange) string {
	t.Helper()
	var b bytes.Buffer
	for _, x := range all {
		if err := json.NewEncoder(&b).Encode(x); err != nil {
			t.Fatal(err)
		}
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.jsonl"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestReplay(t *testing.T) {
	t.Parallel()
	good := exchange{Method: "POST", URI: "/a?b=c", Sent: http.Header{"Content-Type": {"application/json"}}, Request: []byte(`{}`),
		Status: 207, Header: http.Header{"Content-Type": {"application/json"}}, Reply: []byte(`{"ok":true}`)}
	wrong := good
	wrong.Header = http.Header{"X-Verdict": {"wrong"}}
	onPurpose := wrong
	onPurpose.Fault = "truncate"
	j := judge{program: os.Args[0]}
	var out bytes.Buffer
	if err := run(j, record(t, good, onPurpose), &out); err != nil {
		t.Errorf("a good recording: %v", err)
	}
	for _, want := range []string{"1 exchanges of 1 recordings", "(truncate): 1", "judge: 0 errors"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not said: %s", want, out.String())
		}
	}
	out.Reset()
	var exit *exec.ExitError
	if err := run(j, record(t, good, wrong), &out); !asExit(err, &exit) || !strings.Contains(out.String(), "judge: 1 errors") {
		t.Errorf("a wrong reply: %v, %s", err, out.String())
	}
	if err := run(j, record(t, onPurpose), &out); err == nil {
		t.Error("a recording of nothing is no proof")
	}
}

func serve(h http.Handler) (*http.Server, string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		os.Exit(2)
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.Serve(l) }()
	return s, "http://" + l.Addr().String()
}

func asExit(err error, to **exec.ExitError) bool { return errors.As(err, to) }
