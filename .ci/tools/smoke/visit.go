package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const api = "/api/integrations/hubspot/"

// visit is an admin of the first client that is connected, by headers.
type visit struct {
	base   string
	client string // id of the client
	say    func(format string, args ...any)
}

// walk looks at the page and the status, changes a member and waits until the
// change has arrived.
func (v *visit) walk(ctx context.Context, page string) error {
	var clients struct {
		Clients []struct{ ID, Name string }
	}
	if err := v.call(ctx, "GET", "/demo/clients", nil, &clients); err != nil {
		return err
	}
	if len(clients.Clients) == 0 {
		return errors.New("smoke: the host has no clients")
	}
	var s status
	err := until(ctx, "a client is connected", func() (bool, error) {
		for _, c := range clients.Clients {
			v.client = c.ID
			if err := v.call(ctx, "GET", api+"status", nil, &s); err != nil || s.Connected {
				return s.Connected, err
			}
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	html, err := v.page(ctx, page)
	if err != nil {
		return err
	}
	if !strings.Contains(html, "HubSpot") || !strings.Contains(html, "</html>") {
		return fmt.Errorf("smoke: GET %s: this is not the page of the integration:\n%.500s", page, html)
	}
	v.say("page %s: %d bytes", page, len(html))

	err = until(ctx, "the first sync has ended", func() (bool, error) {
		s = status{}
		err := v.call(ctx, "GET", api+"status", nil, &s)
		return s.Members.Waiting == 0 && s.Pending == 0 && s.Members.InSync > 0, err
	})
	if err != nil {
		return err
	}
	v.say("status: %s, %d members in sync, %q", s.Health, s.Members.InSync, s.Sentence)
	return v.change(ctx)
}

type status struct {
	Connected bool
	Health    string
	Sentence  string
	Pending   int
	Members   struct{ InSync, Waiting int }
}

type record struct {
	ID                  string
	MemberPulseEntityID string
	SyncStatus          string
	LastSyncAt          time.Time
}

// change writes one member that is in sync and waits for its sync record.
func (v *visit) change(ctx context.Context) error {
	var log struct{ Records []record }
	if err := v.call(ctx, "GET", api+"sync-log?status=synced&itemsPerPage=1", nil, &log); err != nil {
		return err
	}
	if len(log.Records) == 0 {
		return errors.New("smoke: no member is in sync")
	}
	old := log.Records[0]
	began := time.Now()
	patch := map[string]string{"city": "Smoke " + began.Format("150405.000")}
	if err := v.call(ctx, "PATCH", "/demo/members/"+old.MemberPulseEntityID, patch, nil); err != nil {
		return err
	}
	err := until(ctx, "the change has arrived", func() (bool, error) {
		var now record
		err := v.call(ctx, "GET", api+"sync-log/"+old.ID, nil, &now)
		return now.SyncStatus == "synced" && now.LastSyncAt.After(old.LastSyncAt), err
	})
	if err != nil {
		return err
	}
	v.say("a change arrived after %s", time.Since(began).Round(time.Millisecond))
	return nil
}

// call wants a 2xx and decodes its JSON into out, if there is one.
func (v *visit) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("smoke: %w", err)
		}
		body = bytes.NewReader(text)
	}
	text, err := v.request(ctx, method, path, "application/json", body)
	if err != nil || out == nil {
		return err
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("smoke: %s %s: %w", method, path, err)
	}
	return nil
}

func (v *visit) page(ctx context.Context, path string) (string, error) {
	text, err := v.request(ctx, "GET", path, "text/html", nil)
	return string(text), err
}

func (v *visit) request(ctx context.Context, method, path, accept string, body io.Reader) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, v.base+path, body)
	if err != nil {
		return nil, fmt.Errorf("smoke: %w", err)
	}
	req.Header.Set("Accept", accept)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if v.client != "" {
		req.Header.Set("X-Client-Id", v.client)
		req.Header.Set("X-Role", "ROLE_CLIENT_ADMIN")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("smoke: %w", err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 10<<20))
	if err != nil {
		return nil, fmt.Errorf("smoke: %s %s: %w", method, path, err)
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return nil, fmt.Errorf("smoke: %s %s: %s: %.500s", method, path, res.Status, text)
	}
	return text, nil
}

// until asks four times a second until the answer is yes, an error, or ctx ends.
func until(ctx context.Context, what string, ask func() (bool, error)) error {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		yes, err := ask()
		if yes && err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("smoke: waited in vain until %s", what)
		}
		if err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}
