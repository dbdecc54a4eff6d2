package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// chromium drives a real browser. Without one the tests fail, they do not
// skip: the page is a promise like any other.
type chromium struct {
	t   *testing.T
	ctx context.Context
	url string
}

func newChromium(t *testing.T, url string) *chromium {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Fatal("the browser tests need Chromium: install it (on Debian: apt-get install chromium), or run bash .ci/run as root")
	}
	ctx, cancel := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1280, 1000),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true)))
	t.Cleanup(cancel)
	c := &chromium{t: t, ctx: ctx, url: url}
	// The first run starts the browser: it must not carry a deadline.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return c
}

func (c *chromium) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		c.shoot("failed")
		c.t.Fatalf("%s: %v", what, err)
	}
}

// eval evaluates an expression on the page.
func eval[T any](c *chromium, expression string) T {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		c.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return v
}

// press clicks the button or link with this text.
func (c *chromium) press(text string) {
	c.t.Helper()
	c.do("press "+text, chromedp.Click(chromedp.Search(`//main//button[normalize-space()="`+text+`"] | //main//a[normalize-space()="`+text+`"]`)))
}

// signIn signs in as the admin of the first association on the page.
func (c *chromium) signIn() {
	c.t.Helper()
	c.do("sign in",
		chromedp.Navigate(c.url+"/signin"),
		chromedp.Click(chromedp.Search(`//button[contains(., "Alex")]`)),
		chromedp.WaitVisible(chromedp.Search(`//h1[contains(., "Members")]`)))
}

func (c *chromium) open(path string) {
	c.t.Helper()
	c.do("open "+path, chromedp.Navigate(c.url+path), chromedp.WaitReady(chromedp.CSS("body")))
}

// awaits waits until the page shows a text, without a reload: what scripts
// bring arrives by itself. It looks again after a navigation, and at a page that
// is whole: a slow one shows its head before its forms have their choices.
func (c *chromium) awaits(text string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.ctx, patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		shown, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && document.body.innerText.includes(`+strconv.Quote(text)+`)`))
		if err == nil && shown {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			c.shoot("failed")
			c.t.Fatalf("waited in vain for %q: %v", text, err)
		}
	}
}

// shoot keeps a picture of the page in the folder that HUBSPOT_SHOTS names.
func (c *chromium) shoot(name string) {
	dir := os.Getenv("HUBSPOT_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(c.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		c.t.Logf("no picture of %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		c.t.Logf("no picture of %s: %v", name, err)
	}
}

// An admin connects, sees a mistake and its remedy, watches the first sync,
// follows a record to its reason, changes a member, pauses and disconnects.
func TestAdminInChromium(t *testing.T) {
	t.Parallel()
	j := newJourney(t, "2026-03", 60)
	id, key, _ := j.crm.Portal(j.one)
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	c := newChromium(t, j.url)
	c.signIn()
	c.open("/settings/integrations/hubspot")
	c.awaits("Not connected")
	c.shoot("not-connected")

	const wrong = "pat-na1-00000000-0000-0000-0000-000000000000"
	fill := func(key string) {
		c.do("fill in the form",
			chromedp.SetValue(chromedp.CSS(`#field-portalId`), id),
			chromedp.SetValue(chromedp.CSS(`#field-apiKey`), key))
	}
	fill(wrong)
	c.press("Connect")
	c.awaits("HubSpot does not accept this key.")
	c.shoot("refused")
	if strings.Contains(eval[string](c, `document.documentElement.outerHTML`), wrong) {
		t.Error("the key is on the page")
	}
	fill(key)
	if !eval[bool](c, `document.querySelector('#field-syncContacts').checked`) {
		eval[any](c, `document.querySelector('#field-syncContacts').click()`)
	}
	c.press("Connect")
	c.awaits("members looked at, finished") // arrives without a reload
	c.shoot("connected")

	c.open("/settings/integrations/hubspot/log?status=failed")
	c.do("open the first record", chromedp.Click(chromedp.CSS(`main table a`)))
	c.awaits("What to do:")
	c.shoot("record")

	c.open("/members?search=engineers")
	c.do("open the first member", chromedp.Click(chromedp.CSS(`main table a`)), chromedp.WaitVisible(chromedp.CSS(`[name="lastName"]`)))
	name := eval[string](c, `document.querySelector('[name="firstName"]').value`)
	c.do("change the member", chromedp.SetValue(chromedp.CSS(`[name="lastName"]`), "Followed"),
		chromedp.Submit(chromedp.CSS(`[name="lastName"]`)))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err = j.sim.Await(ctx, func(s *hubspottest.Simulator) bool {
		for _, contact := range s.Portal(number).Contacts() {
			if contact.Properties["lastname"] == "Followed" && contact.Properties["firstname"] == name {
				return true
			}
		}
		return false
	})
	if err != nil {
		t.Fatalf("the change of a member did not follow: %v", err)
	}
	c.open("/what-hubspot-has")
	c.awaits("Followed")
	c.shoot("what-hubspot-has")

	c.open("/settings/integrations/hubspot")
	c.press("Pause")
	c.awaits("Paused.")
	c.press("Resume")
	c.awaits("Live.")
	c.press("Disconnect…")
	c.awaits("Disconnect")
	c.shoot("disconnect")
	c.do("confirm", chromedp.Click(chromedp.CSS(`main form button`)))
	c.awaits("Not connected")
}
