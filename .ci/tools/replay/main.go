// Command replay shows recorded exchanges to a validating proxy: it sends each
// request through the proxy and answers it, behind the proxy, with the reply
// that was recorded.
//
//	replay -judge PROGRAM -specs FOLDER -report FILE RECORDINGS
//
// Exchanges whose reply was broken on purpose are left out and counted by the
// way in which they were broken. The proxy gives the verdict: its last word is
// printed, and its exit code is that of this program.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// exchange is a line of a recording.
type exchange struct {
	Test    string      `json:"test"`
	Method  string      `json:"method"`
	URI     string      `json:"uri"`
	Sent    http.Header `json:"sent"`
	Request []byte      `json:"request"`
	Status  int         `json:"status"`
	Header  http.Header `json:"header"`
	Reply   []byte      `json:"reply"`
	Fault   string      `json:"fault"`
}

func main() {
	var j judge
	flag.StringVar(&j.program, "judge", "", "the validating `proxy`")
	flag.StringVar(&j.specs, "specs", "", "`folder` of specifications")
	flag.StringVar(&j.report, "report", "", "`file` for the proxy's findings")
	flag.Parse()
	if err := run(j, flag.Arg(0), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "replay:", err)
		os.Exit(1)
	}
}

func run(j judge, folder string, out io.Writer) error {
	var current atomic.Pointer[exchange]
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the recorded one is what counts
		x := current.Load()
		maps.Copy(w.Header(), x.Header)
		w.Header().Del("Date")
		w.WriteHeader(x.Status)
		_, _ = w.Write(x.Reply) // the proxy says if it got too little
	})}
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	if err := j.open("http://" + l.Addr().String()); err != nil {
		return err
	}
	defer j.end()

	files, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil {
		return err
	}
	shown, left := 0, map[string]int{}
	for _, name := range files {
		err := each(name, func(x *exchange) error {
			if x.Fault != "" {
				left[x.Fault]++
				return nil
			}
			shown++
			current.Store(x)
			return show(j.url, x)
		})
		if err != nil {
			return err
		}
	}
	if shown == 0 {
		return errors.New("nothing was recorded")
	}
	fmt.Fprintf(out, "%d exchanges of %d recordings\n", shown, len(files))
	for _, f := range slices.Sorted(maps.Keys(left)) {
		fmt.Fprintf(out, "left out, the reply is wrong on purpose (%s): %d\n", f, left[f])
	}
	return j.verdict(out)
}

// each reads a recording line by line.
func each(name string, do func(*exchange) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var x exchange
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
		if err := do(&x); err != nil {
			return err
		}
	}
	return lines.Err()
}

// show sends a recorded request through the proxy.
func show(proxy string, x *exchange) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, x.Method, proxy+x.URI, bytes.NewReader(x.Request))
	if err != nil {
		return err
	}
	if len(x.Request) == 0 {
		req.Body, req.ContentLength = http.NoBody, 0
	}
	req.Header = x.Sent.Clone()
	req.Header.Set("Authorization", "Bearer recorded")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("%s: %w", x.Test, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != x.Status {
		return fmt.Errorf("%s: the proxy answers %s, recorded was %s", x.Test, resp.Status, strconv.Itoa(x.Status))
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}
