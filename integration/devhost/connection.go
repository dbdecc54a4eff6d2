package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

const hubspotAPI = "/api/integrations/hubspot/"

// account is a HubSpot portal with a key to it.
type account struct {
	portalID string
	key      integration.Secret
}

// connectTo connects a client as its admin does, through the console's API: the
// same checks, the same audit record. A standing connection to another portal
// is ended first. A connection that is already exactly this one is left alone.
func (h *host) connectTo(ctx context.Context, clientID string, to account) error {
	stored, err := h.Settings.Load(ctx, clientID, h.Plugin.Spec().ID)
	if err != nil && !errors.Is(err, integration.ErrNotFound) {
		return err
	}
	status, err := h.Plugin.Status(ctx, clientID)
	if err != nil {
		return err
	}
	samePortal := stored.Settings.Text("portalId") == to.portalID
	if status.Connected && samePortal && stored.Settings.Secret("apiKey").Fingerprint() == to.key.Fingerprint() {
		return nil
	}
	if status.Connected && !samePortal {
		if err := h.ask(ctx, clientID, http.MethodDelete, "connect", nil); err != nil {
			return err
		}
	}
	values := map[string]any{"portalId": to.portalID, "apiKey": to.key.Reveal()}
	if stored.Version == 0 {
		values["syncContacts"] = true
	}
	return h.ask(ctx, clientID, http.MethodPost, "connect", values)
}

// ask sends one request to the console within the process, as an admin of the
// client.
func (h *host) ask(ctx context.Context, clientID, method, route string, body any) error {
	user, err := h.Clients.UserIn(ctx, clientID, integration.RoleClientAdmin)
	if err != nil {
		return err
	}
	var raw []byte
	if body != nil {
		if raw, err = json.Marshal(body); err != nil {
			return err
		}
	}
	who := signin.Visitor{Identity: integration.Identity{UserID: user.ID, Role: user.Role, ClientID: clientID}, Name: user.Name}
	r, err := http.NewRequestWithContext(signin.Attach(ctx, who), method, hubspotAPI+route, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	r.RemoteAddr = "127.0.0.1:0"
	r.Header.Set("User-Agent", "devhost")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	w := &answer{header: http.Header{}, status: http.StatusOK}
	h.Console.Handler().ServeHTTP(w, r)
	if w.status < 300 {
		return nil
	}
	return w.refusal()
}

// answer keeps a response in memory.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// refusal is the console's reason in one line. The console hides secrets.
func (a *answer) refusal() error {
	var p struct {
		Title, Detail, Fix string
		Errors             map[string][]string
	}
	if err := json.Unmarshal(a.body.Bytes(), &p); err != nil || p.Title == "" {
		return fmt.Errorf("status %d", a.status)
	}
	parts := []string{p.Title, p.Detail}
	for _, messages := range p.Errors {
		parts = append(parts, messages...)
	}
	var said []string
	for _, part := range append(parts, p.Fix) {
		if part != "" && !strings.Contains(strings.Join(said, " "), part) {
			said = append(said, part)
		}
	}
	return errors.New(strings.Join(said, " "))
}
