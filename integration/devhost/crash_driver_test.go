package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// driver works in the host as its people do, through the demo API, whether the
// host lives or not. What it is told is not the truth: a request that failed
// may have been committed.
type driver struct {
	t      *testing.T
	client http.Client
	tenant string
	plans  []string

	mu      sync.Mutex
	url     string
	changed chan struct{} // closed and replaced when url changes

	tickets chan struct{} // operations that may begin
	workers sync.WaitGroup
	done    atomic.Int64
	failed  atomic.Int64
	reached map[string]*atomic.Int64 // committed operations by name
}

func newDriver(t *testing.T, tenant string, plans []string) *driver {
	d := &driver{t: t, tenant: tenant, plans: plans, changed: make(chan struct{}), tickets: make(chan struct{}, 100_000),
		reached: map[string]*atomic.Int64{}}
	d.client.Timeout = 20 * time.Second
	d.client.Transport = &http.Transport{DisableKeepAlives: true} // no request is repeated behind our back
	for _, op := range []string{"patch", "clear", "email", "status", "membership", "join", "leave", "bulk"} {
		d.reached[op] = &atomic.Int64{}
	}
	return d
}

// at says where the host is; "" while it is down.
func (d *driver) at(url string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.url = url
	close(d.changed)
	d.changed = make(chan struct{})
}

// host waits for the host to be there.
func (d *driver) host() (string, bool) {
	for {
		d.mu.Lock()
		url, changed := d.url, d.changed
		d.mu.Unlock()
		if url != "" {
			return url, true
		}
		select {
		case <-changed:
		case <-d.t.Context().Done():
			return "", false
		}
	}
}

// grant lets n more operations begin.
func (d *driver) grant(n int) {
	for range n {
		d.tickets <- struct{}{}
	}
}

// nudge grants one more operation, unless enough are granted already.
func (d *driver) nudge() {
	select {
	case d.tickets <- struct{}{}:
	default:
	}
}

// start begins workers, each with members of its own and a stream of its own.
func (d *driver) start(seed uint64, members []string) {
	const hands = 3
	for i := range hands {
		w := &worker{driver: d, n: i, rng: rand.New(rand.NewPCG(seed, uint64(i)))}
		for k := i; k < len(members); k += hands {
			w.members = append(w.members, members[k])
		}
		d.workers.Go(func() {
			for range d.tickets {
				w.step()
				d.done.Add(1)
			}
		})
	}
}

// finish waits until every granted operation has been tried.
func (d *driver) finish() {
	close(d.tickets)
	d.workers.Wait()
}

// call sends one request; 0 means that there was no reply.
func (d *driver) call(ctx context.Context, method, path string, body map[string]any) (int, map[string]any) {
	url, ok := d.host()
	if !ok {
		return 0, nil
	}
	in := io.Reader(http.NoBody)
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			d.t.Error(err)
			return 0, nil
		}
		in = strings.NewReader(string(raw))
	}
	req, err := http.NewRequestWithContext(ctx, method, url+path, in)
	if err != nil {
		d.t.Error(err)
		return 0, nil
	}
	req.Header.Set("X-Client-Id", d.tenant)
	req.Header.Set("X-Role", "ROLE_CLIENT_ADMIN")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := d.client.Do(req)
	if err != nil {
		return 0, nil
	}
	defer resp.Body.Close()
	out := map[string]any{}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil && resp.StatusCode != http.StatusNoContent {
		return 0, nil
	}
	return resp.StatusCode, out
}

// worker is one pair of hands.
type worker struct {
	*driver
	n       int
	rng     *rand.Rand
	members []string
	serial  int
}

// fresh makes a value that no other operation uses.
func (w *worker) fresh(word string) string {
	w.serial++
	return fmt.Sprintf("%s %d-%d", word, w.n, w.serial)
}

func (w *worker) address() string {
	w.serial++
	return fmt.Sprintf("hand%d.%d@crash.example.org", w.n, w.serial)
}

func (w *worker) some() string { return w.members[w.rng.IntN(len(w.members))] }

func (w *worker) step() {
	pick := func(of ...string) string { return of[w.rng.IntN(len(of))] }
	switch n := w.rng.IntN(100); {
	case n < 40:
		w.do("patch", "PATCH", "/demo/members/"+w.some(), map[string]any{
			pick("firstName", "lastName", "city", "company", "mobile", "address"): w.fresh("Word"),
		})
	case n < 47:
		w.do("clear", "PATCH", "/demo/members/"+w.some(), map[string]any{pick("city", "company", "mobile", "position"): ""})
	case n < 55:
		w.do("email", "PATCH", "/demo/members/"+w.some(), map[string]any{"email": w.address()})
	case n < 62:
		w.do("status", "PATCH", "/demo/members/"+w.some(), map[string]any{"status": pick("active", "inactive", "suspended", "pending")})
	case n < 77:
		w.membership(w.some(), pick("active", "expiring", "expired", "suspended", "cancelled"))
	case n < 87:
		w.join()
	case n < 93:
		w.leave()
	default:
		w.do("bulk", "POST", "/demo/bulk", map[string]any{
			"members": 10 + w.rng.IntN(60), "field": pick("position", "state", "country"), "value": w.fresh("Bulk"), "perTransaction": 1 + w.rng.IntN(40),
		})
	}
}

// do carries one operation out. A refusal that only a mistake of this test can
// cause fails it.
func (w *worker) do(op, method, path string, body map[string]any) (int, map[string]any) {
	status, out := w.call(w.t.Context(), method, path, body)
	switch {
	case status >= 200 && status < 300:
		w.reached[op].Add(1)
	case status == 0, status >= 500, status == http.StatusConflict, status == http.StatusNotFound:
		w.failed.Add(1)
	case w.t.Context().Err() == nil:
		w.t.Errorf("%s: %s %s: %d %v", op, method, path, status, out)
	}
	return status, out
}

func (w *worker) membership(member, status string) int {
	got, _ := w.do("membership", "PUT", "/demo/members/"+member+"/membership", map[string]any{
		"plan": w.plans[w.rng.IntN(len(w.plans))], "status": status, "endDate": fmt.Sprintf("20%d-0%d-15", 60+w.rng.IntN(30), 1+w.rng.IntN(9)),
	})
	return got
}

func (w *worker) join() {
	body := map[string]any{"firstName": w.fresh("New"), "lastName": "Member", "email": w.address(), "status": "active"}
	switch w.rng.IntN(8) {
	case 0:
		body["status"] = "pending"
	case 1:
		body["email"] = ""
	default:
		body["membership"] = map[string]any{"plan": w.plans[0], "status": "active", "endDate": "2090-06-30"}
	}
	if status, out := w.do("join", "POST", "/demo/members", body); status == http.StatusCreated {
		w.members = append(w.members, out["id"].(string))
	}
}

// leave deletes a member, after its memberships are ended.
func (w *worker) leave() {
	i := w.rng.IntN(len(w.members))
	id := w.members[i]
	for range w.plans {
		status, out := w.call(w.t.Context(), "GET", "/demo/members/"+id, nil)
		if status != http.StatusOK {
			return
		}
		running := false
		for _, raw := range out["memberships"].([]any) {
			ms := raw.(map[string]any)
			if ms["status"] == "active" || ms["status"] == "expiring" {
				running = true
				w.do("membership", "PUT", "/demo/members/"+id+"/membership", map[string]any{"plan": ms["plan"], "status": "cancelled"})
			}
		}
		if !running {
			break
		}
	}
	if status, _ := w.do("leave", "DELETE", "/demo/members/"+id, nil); status == http.StatusNoContent || status == http.StatusNotFound {
		w.members[i] = w.members[len(w.members)-1]
		w.members = w.members[:len(w.members)-1]
	}
}
