package main

import (
	"bytes"
	"errors"
	"flag"
	"strings"
	"testing"
)

func env(pairs ...string) func(string) string {
	values := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return values[name] }
}

func TestParse(t *testing.T) {
	t.Parallel()
	o, err := parse(nil, env(), &bytes.Buffer{})
	if err != nil || o.addr != "127.0.0.1:8080" || o.members != 250 || o.clients != 2 || o.version != "2026-03" || o.hubspotURL != "" {
		t.Fatalf("without arguments: %+v, %v", o, err)
	}
	o, err = parse([]string{"-database-url", "postgres://flag/x", "-hubspot-url", "http://127.0.0.1:9/", "-members=5", "-clients", "3", "-fresh", "-hubspot-version", "2026-09"},
		env("DATABASE_URL", "postgres://env/x", "HUBSPOT_PORTAL_ID", "12", "HUBSPOT_API_KEY", "pat-key"), &bytes.Buffer{})
	if err != nil || o.databaseURL != "postgres://flag/x" || o.hubspotURL != "http://127.0.0.1:9" || o.members != 5 || o.clients != 3 || !o.fresh ||
		o.version != "2026-09" || o.portalID != "12" || o.apiKey.Reveal() != "pat-key" {
		t.Errorf("with arguments: %+v, %v", o, err)
	}
	if o, _ = parse(nil, env("DATABASE_URL", "postgres://env/x"), &bytes.Buffer{}); o.databaseURL != "postgres://env/x" {
		t.Errorf("DATABASE_URL: %q", o.databaseURL)
	}
	real := env("HUBSPOT_PORTAL_ID", "12", "HUBSPOT_API_KEY", "pat-key")
	if o, err = parse([]string{"-real-hubspot"}, real, &bytes.Buffer{}); err != nil || o.hubspotURL != realURL {
		t.Errorf("the real HubSpot: %q, %v", o.hubspotURL, err)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		env  []string
		says string
	}{
		"an unknown flag":        {[]string{"-colour"}, nil, "-colour"},
		"a stray word":           {[]string{"start"}, nil, "start"},
		"an address":             {[]string{"-addr", "8080"}, nil, "-addr"},
		"a port":                 {[]string{"-addr", "127.0.0.1:99999"}, nil, "-addr"},
		"a database":             {[]string{"-database-url", "mysql://h/x"}, nil, "postgres://"},
		"a database in env":      {nil, []string{"DATABASE_URL", "postgres:secret-word"}, "DATABASE_URL"},
		"no database name":       {[]string{"-database-url", "postgres://h"}, nil, "postgres://"},
		"a HubSpot":              {[]string{"-hubspot-url", "ftp://h"}, nil, "-hubspot-url"},
		"the real one":           {[]string{"-hubspot-url", "https://api.hubapi.com"}, nil, "-real-hubspot"},
		"the real one, hidden":   {[]string{"-hubspot-url", "https://API.HubApi.com./"}, nil, "-real-hubspot"},
		"the real one, no key":   {[]string{"-real-hubspot"}, nil, "HUBSPOT_PORTAL_ID"},
		"the real one elsewhere": {[]string{"-real-hubspot", "-hubspot-url", "http://127.0.0.1:1"}, []string{"HUBSPOT_PORTAL_ID", "1", "HUBSPOT_API_KEY", "k"}, "leave -hubspot-url out"},
		"members":                {[]string{"-members", "-1"}, nil, "-members"},
		"clients":                {[]string{"-clients", "0"}, nil, "-clients"},
		"a version":              {[]string{"-hubspot-version", "v3"}, nil, "2026-09"},
		"an id without a key":    {nil, []string{"HUBSPOT_PORTAL_ID", "1"}, "HUBSPOT_API_KEY"},
		"a key without an id":    {nil, []string{"HUBSPOT_API_KEY", "secret-word"}, "HUBSPOT_PORTAL_ID"},
		"a malformed id":         {nil, []string{"HUBSPOT_PORTAL_ID", "12a", "HUBSPOT_API_KEY", "secret-word"}, "HUBSPOT_PORTAL_ID"},
	} {
		_, err := parse(c.args, env(c.env...), &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "secret-word") {
			t.Errorf("%s: %v, want a message with %q", name, err, c.says)
		}
	}
}

func TestHelpDocumentsEverything(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if _, err := parse([]string{"-h"}, env(), &out); !errors.Is(err, flag.ErrHelp) {
		t.Fatal(err)
	}
	for _, word := range []string{
		"-addr", "-database-url", "-hubspot-url", "-members", "-clients", "-fresh", "-hubspot-version", "-real-hubspot",
		"DATABASE_URL", "HUBSPOT_PORTAL_ID", "HUBSPOT_API_KEY", "HUBSPOT_SEAL_KEY", "X-Client-Id", "X-Role",
		"/demo/clients", "/demo/members/{id}", "/demo/members/{id}/membership", "/demo/bulk",
	} {
		if !strings.Contains(out.String(), word) {
			t.Errorf("-h does not mention %s", word)
		}
	}
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]error{"123\n": nil, " 123 \r\n": nil, "123": nil, "124\n": errDeclined, "": errDeclined, "y\n": errDeclined} {
		var out bytes.Buffer
		if err := confirm(strings.NewReader(answer), &out, "123"); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", answer, err, want)
		}
		if !strings.Contains(out.String(), "REAL HubSpot portal 123") {
			t.Errorf("the question does not name the portal: %s", &out)
		}
	}
}
