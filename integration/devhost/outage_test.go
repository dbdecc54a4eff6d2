package main

import (
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// cable is the connection to a database that a test can pull.
type cable struct {
	net.Listener
	to string

	mu    sync.Mutex
	out   bool
	conns []net.Conn
}

// newCable returns a way to the database of dsn, and the address of its end.
func newCable(t *testing.T, dsn string) (*cable, string) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{Listener: l, to: u.Host}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { c.join(in) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		c.pull()
		wg.Wait()
	})
	u.Host = l.Addr().String()
	return c, u.String()
}

func (c *cable) join(in net.Conn) {
	defer in.Close()
	out, err := net.Dial("tcp", c.to)
	if err != nil {
		return
	}
	defer out.Close()
	c.mu.Lock()
	if c.out {
		c.mu.Unlock()
		return
	}
	c.conns = append(c.conns, in, out)
	c.mu.Unlock()
	done := make(chan struct{}, 2)
	go func() { _, _ = io.Copy(out, in); done <- struct{}{} }()
	go func() { _, _ = io.Copy(in, out); done <- struct{}{} }()
	<-done
}

func (c *cable) pull() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out = true
	for _, one := range c.conns {
		_ = one.Close()
	}
	c.conns = nil
}

func (c *cable) plug() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out = false
}

// TestDatabaseDiesAndComesBack: 503 with a text everywhere, then everything
// goes on without anybody's help.
func TestDatabaseDiesAndComesBack(t *testing.T) {
	t.Parallel()
	hub := hubspottest.NewServer(t, hubspottest.Options{}, hubspottest.Portal{ID: 98, Token: "pat-demo-environment-key"})
	line, dsn := newCable(t, migrationstest.DSN(t, migrationstest.NewEmptyDB(t)))
	p := start(t, []string{
		openCache(t), "DATABASE_URL=" + dsn, "HUBSPOT_PORTAL_ID=98", "HUBSPOT_API_KEY=pat-demo-environment-key",
	}, "-addr", "127.0.0.1:0", "-clients", "1", "-members", "12", "-hubspot-url", hub.URL)
	id := p.first(t)["id"].(string)
	p.settled(t, id)
	_, list := p.ask(t, "GET", "/demo/members?search=amelia", id, "")
	member := list["members"].([]any)[0].(map[string]any)["id"].(string)

	line.pull()
	for _, r := range [][3]string{
		{"GET", "/demo/members", ""}, {"PATCH", "/demo/members/" + member, `{"city":"Lost"}`},
		{"GET", hubspotAPI + "status", ""}, {"POST", hubspotAPI + "pause", ""}, {"GET", "/demo/clients", ""},
	} {
		status, out := p.ask(t, r[0], r[1], id, r[2])
		if title, _ := out["title"].(string); status != 503 || title == "" || strings.Contains(title, "127.0.0.1") {
			t.Errorf("%s %s without a database: %d %v, want 503 and a text", r[0], r[1], status, out)
		}
	}
	b := newBrowser(t, p.url)
	if status, body := b.get("/signin"); status != 503 || !strings.Contains(body, "does not answer") {
		t.Errorf("a page without a database: %d %.200s", status, body)
	}

	line.plug()
	eventually(t, "the host recovers", func() bool {
		status, _ := p.ask(t, "PATCH", "/demo/members/"+member, id, `{"city":"Found"}`)
		return status == 200
	})
	eventually(t, "changes are sent again", func() bool {
		for _, c := range hub.Portal(98).Contacts() {
			if c.Properties["memberpulse_member_id"] == member {
				return c.Properties["city"] == "Found"
			}
		}
		return false
	})
	p.terminate(t)
}
