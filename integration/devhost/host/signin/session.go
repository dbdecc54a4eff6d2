package signin

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// cookieName is the session cookie. Sessions of hosts on other ports of the same
// machine would overwrite each other without the prefix of this one's purpose.
const cookieName = "memberpulse_demo_session"

// sessionLife is short enough for a shared desk and long enough for a day.
const sessionLife = 8 * time.Hour

// SignIn starts a session as a user. The role and the client are read from the
// user at every request, not kept in the session.
func (g *Gate) SignIn(ctx context.Context, w http.ResponseWriter, userID string) (clients.User, error) {
	return g.start(ctx, w, userID, "")
}

// Impersonate starts a session in which a platform admin acts as an admin of a
// client.
func (g *Gate) Impersonate(ctx context.Context, w http.ResponseWriter, as Visitor, clientID string) (clients.User, error) {
	if as.Role != integration.RolePlatformAdmin {
		return clients.User{}, &problem.Problem{Status: http.StatusForbidden, Title: "Only a platform admin can act as somebody else."}
	}
	if _, err := g.people.Get(ctx, clientID); err != nil {
		return clients.User{}, err
	}
	user, err := g.people.UserIn(ctx, clientID, integration.RoleClientAdmin)
	if err != nil {
		return clients.User{}, err
	}
	return g.start(ctx, w, user.ID, as.UserID)
}

func (g *Gate) start(ctx context.Context, w http.ResponseWriter, userID, impersonatorID string) (clients.User, error) {
	if !g.loopback {
		return clients.User{}, notLocal()
	}
	user, err := g.people.User(ctx, userID)
	if err != nil {
		return clients.User{}, err
	}
	text := strings.Join([]string{user.ID, impersonatorID, strconv.FormatInt(g.now().Add(sessionLife).Unix(), 10)}, "|")
	http.SetCookie(w, cookie(encode([]byte(text))+"."+encode(g.mac("session", text)), int(sessionLife.Seconds())))
	return user, nil
}

// SignOut ends the browser's session.
func (g *Gate) SignOut(w http.ResponseWriter) { http.SetCookie(w, cookie("", -1)) }

// cookie is not marked Secure: the host speaks plain HTTP on loopback, where
// some browsers would drop such a cookie.
func cookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: cookieName, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteStrictMode}
}

func (g *Gate) fromCookie(r *http.Request) (Visitor, error) {
	c, err := r.Cookie(cookieName)
	if err != nil || !g.loopback {
		return Visitor{}, ErrNobody
	}
	userID, impersonatorID, ok := g.open(c.Value)
	if !ok {
		return Visitor{}, ErrNobody
	}
	user, err := g.people.User(r.Context(), userID)
	if missing(err) { // the database was wiped since
		return Visitor{}, ErrNobody
	}
	if err != nil {
		return Visitor{}, err
	}
	v := Visitor{
		Identity: integration.Identity{UserID: user.ID, Role: user.Role, ClientID: user.ClientID, ImpersonatorID: impersonatorID},
		Name:     user.Name,
	}
	if user.ClientID == "" {
		return v, nil
	}
	client, err := g.people.Get(r.Context(), user.ClientID)
	v.Client = client.Name
	return v, err
}

// open checks signature and age of a session.
func (g *Gate) open(value string) (userID, impersonatorID string, ok bool) {
	body, sum, _ := strings.Cut(value, ".")
	text, err1 := base64.RawURLEncoding.DecodeString(body)
	given, err2 := base64.RawURLEncoding.DecodeString(sum)
	if err1 != nil || err2 != nil || !hmac.Equal(given, g.mac("session", string(text))) {
		return "", "", false
	}
	parts := strings.Split(string(text), "|")
	if len(parts) != 3 {
		return "", "", false
	}
	until, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || !g.now().Before(time.Unix(until, 0)) {
		return "", "", false
	}
	return parts[0], parts[1], true
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
