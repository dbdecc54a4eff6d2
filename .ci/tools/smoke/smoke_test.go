package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The test binary is also the host: SMOKE_HOST says how it behaves.
func TestMain(m *testing.M) {
	if how := os.Getenv("SMOKE_HOST"); how != "" {
		os.Exit(fakeHost(how))
	}
	os.Exit(m.Run())
}

// fakeHost answers what the visit asks. Faults by how: "late" has no ready line,
// "dies" ends at once, "twice" says ready again, "deaf" ignores SIGTERM, "code"
// ends with 3, "stuck" never delivers, "blank" has an empty page.
func fakeHost(how string) int {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	args := flag.NewFlagSet("host", flag.ExitOnError)
	addr := args.String("addr", "", "")
	_ = args.Parse(os.Args[len(os.Args)-2:])
	if how == "dies" {
		return 1
	}
	var mu sync.Mutex
	synced := time.Unix(1000, 0)
	reply := func(path string, v any) {
		http.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if path != "GET /demo/clients" && (r.Header.Get("X-Client-Id") != "c1" || r.Header.Get("X-Role") != "ROLE_CLIENT_ADMIN") {
				http.Error(w, "nobody", http.StatusUnauthorized)
				return
			}
			_ = json.NewEncoder(w).Encode(v)
		})
	}
	reply("GET /demo/clients", map[string]any{"clients": []any{map[string]any{"id": "c1"}}})
	reply("GET "+api+"status", map[string]any{"connected": true, "members": map[string]int{"inSync": 2}})
	reply("GET "+api+"sync-log", map[string]any{"records": []any{map[string]any{
		"id": "r1", "memberPulseEntityId": "m1", "syncStatus": "synced", "lastSyncAt": synced,
	}}})
	http.HandleFunc("PATCH /demo/members/m1", func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if how != "stuck" {
			synced = synced.Add(time.Second)
		}
	})
	http.HandleFunc("GET "+api+"sync-log/r1", func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		_ = json.NewEncoder(w).Encode(map[string]any{"syncStatus": "synced", "lastSyncAt": synced})
	})
	http.HandleFunc("GET /page", func(w http.ResponseWriter, _ *http.Request) {
		if how != "blank" {
			fmt.Fprint(w, "<html>HubSpot</html>")
		}
	})
	go func() { _ = http.ListenAndServe(*addr, nil) }()
	for range 400 {
		res, err := http.Get("http://" + *addr + "/page")
		if err == nil {
			_ = res.Body.Close()
			break
		}
		<-time.After(10 * time.Millisecond)
	}
	if how != "late" {
		fmt.Println("ready http://" + *addr)
	}
	if how == "twice" {
		fmt.Println("ready http://" + *addr)
	}
	<-stop
	if how == "deaf" {
		select {}
	}
	if how == "code" {
		return 3
	}
	return 0
}

func TestRun(t *testing.T) {
	for how, want := range map[string]string{
		"well":  "",
		"late":  "no line",
		"dies":  "ended before it was ready",
		"twice": "more than once",
		"deaf":  "still running",
		"code":  "want exit code 0: exit status 3",
		"stuck": "waited in vain until the change has arrived",
		"blank": "not the page",
	} {
		t.Run(how, func(t *testing.T) {
			t.Setenv("SMOKE_HOST", how)
			cfg := config{page: "/page", start: 20 * time.Second, walk: 20 * time.Second, stop: 10 * time.Second, command: []string{os.Args[0]}}
			switch how {
			case "late":
				cfg.start = time.Second
			case "stuck":
				cfg.walk = 2 * time.Second
			case "deaf":
				cfg.stop = 500 * time.Millisecond
			}
			var out strings.Builder
			err := run(t.Context(), cfg, &out)
			switch {
			case want == "" && err != nil:
				t.Errorf("run: %v\n%s", err, out.String())
			case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
				t.Errorf("run: %v, want %q\n%s", err, want, out.String())
			}
		})
	}
}

func TestOnlyChild(t *testing.T) {
	t.Parallel()
	if got := onlyChild(1 << 30); got != 0 {
		t.Errorf("a process that there is not has the child %d", got)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	// The shell is the parent of a sleep that outlives the question.
	h, err := start([]string{"sh", "-c", "sleep 30; true"}, t.TempDir(), nil, &strings.Builder{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.kill()
	err = until(ctx, "the shell has a child", func() (bool, error) { return onlyChild(h.cmd.Process.Pid) != 0, nil })
	if err != nil {
		t.Error(err)
	}
}

func TestGoCaches(t *testing.T) {
	t.Parallel()
	env, err := goCaches()
	if err != nil || !slices.ContainsFunc(env, func(s string) bool { return strings.HasPrefix(s, "GOCACHE=/") }) {
		t.Errorf("goCaches = %v, %v", env, err)
	}
}
