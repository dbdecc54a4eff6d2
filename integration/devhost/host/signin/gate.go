// Package signin says who makes a request to the reference host: a session
// cookie for browsers, two headers for scripts.
//
// Neither asks for a password. Both therefore work only while the host listens
// on a loopback address, and only for requests that are addressed to one.
package signin

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

// ErrNobody says that a request carries no identity.
var ErrNobody = errors.New("signin: nobody is signed in")

// The headers by which a script says who it is.
const (
	HeaderClient       = "X-Client-Id"
	HeaderRole         = "X-Role"
	HeaderImpersonator = "X-Impersonator-Id" // optional: a platform admin's user id
)

// Visitor is who makes a request.
type Visitor struct {
	integration.Identity
	Name   string // of the user
	Client string // name of the client, "" for the platform
}

// Gate establishes identities.
type Gate struct {
	people   *clients.Module
	key      []byte
	loopback bool
	now      func() time.Time
}

// New returns a gate. key signs sessions: hosts that share it share sessions.
// loopback says that the host listens on loopback only; without it the gate
// lets nobody in.
func New(people *clients.Module, key []byte, loopback bool, now func() time.Time) *Gate {
	if now == nil {
		now = time.Now
	}
	return &Gate{people: people, key: key, loopback: loopback, now: now}
}

type visitorKey struct{}

// Attach returns ctx with v, as [Gate.Middleware] does. The host uses it for
// requests that it makes to itself.
func Attach(ctx context.Context, v Visitor) context.Context {
	return context.WithValue(ctx, visitorKey{}, v)
}

// From returns who makes the request of ctx; ok is false for nobody.
func From(ctx context.Context) (v Visitor, ok bool) {
	v, ok = ctx.Value(visitorKey{}).(Visitor)
	return v, ok
}

// Identify is the console's view of [From].
func Identify(r *http.Request) (integration.Identity, error) {
	v, ok := From(r.Context())
	if !ok {
		return integration.Identity{}, ErrNobody
	}
	return v.Identity, nil
}

// Middleware establishes the identity once per request and hands it on in the
// context. Headers that name nobody are answered here: 401, or 503 if the
// database does not answer. A cookie that is no longer valid is nobody.
func (g *Gate) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := g.visitor(r)
		switch {
		case errors.Is(err, ErrNobody):
			next.ServeHTTP(w, r)
		case err != nil:
			problem.Write(w, problem.Of(err, store.Down))
		default:
			next.ServeHTTP(w, r.WithContext(Attach(r.Context(), v)))
		}
	})
}

func (g *Gate) visitor(r *http.Request) (Visitor, error) {
	if r.Header.Get(HeaderClient) != "" || r.Header.Get(HeaderRole) != "" {
		return g.fromHeaders(r)
	}
	return g.fromCookie(r)
}

// Users returns who can sign in, or a 403 [problem.Problem] while the host does
// not listen on loopback.
func (g *Gate) Users(ctx context.Context) ([]clients.User, error) {
	if !g.loopback {
		return nil, notLocal()
	}
	return g.people.Users(ctx)
}

func (g *Gate) fromHeaders(r *http.Request) (Visitor, error) {
	if !g.loopback {
		return Visitor{}, notLocal()
	}
	role := integration.Role(r.Header.Get(HeaderRole))
	clientID := r.Header.Get(HeaderClient)
	switch role {
	case integration.RolePlatformAdmin:
		clientID = "" // a platform admin belongs to no client
	case integration.RoleClientAdmin, integration.RoleClientUser, integration.RoleMember,
		integration.RoleSponsorAdmin, integration.RoleSponsorUser:
		if clientID == "" {
			return Visitor{}, unknown("The header X-Client-Id is missing.", "Send the id of a client: GET /demo/clients lists them.")
		}
	case "":
		return Visitor{}, unknown("The header X-Role is missing.", "Send a role beside X-Client-Id, for example ROLE_CLIENT_ADMIN.")
	default:
		return Visitor{}, unknown("The header X-Role names no role.",
			"Use ROLE_PLATFORM_ADMIN, ROLE_CLIENT_ADMIN, ROLE_CLIENT_USER, ROLE_MEMBER, ROLE_SPONSOR_ADMIN or ROLE_SPONSOR_USER.")
	}
	v := Visitor{Identity: integration.Identity{Role: role, ClientID: clientID}}
	if clientID != "" {
		client, err := g.people.Get(r.Context(), clientID)
		if missing(err) {
			return Visitor{}, unknown("The header X-Client-Id names no client.", "Send the id of a client: GET /demo/clients lists them.")
		}
		if err != nil {
			return Visitor{}, err
		}
		v.Client = client.Name
	}
	if imp := r.Header.Get(HeaderImpersonator); imp != "" {
		admin, err := g.people.User(r.Context(), imp)
		if err != nil && !missing(err) {
			return Visitor{}, err
		}
		if admin.Role != integration.RolePlatformAdmin || role == integration.RolePlatformAdmin {
			return Visitor{}, unknown("The header X-Impersonator-Id is not accepted.", "It names a platform admin who acts as somebody of a client.")
		}
		v.ImpersonatorID = admin.ID
	}
	user, err := g.people.UserIn(r.Context(), clientID, role)
	switch {
	case err == nil:
		v.UserID, v.Name = user.ID, user.Name
	case missing(err): // a role that nobody has yet: the same invented user each time
		v.UserID, v.Name = uuid.NewSHA1(uuid.NameSpaceOID, []byte(clientID+string(role))).String(), "Script"
	default:
		return Visitor{}, err
	}
	return v, nil
}

func (g *Gate) mac(purpose, text string) []byte {
	h := hmac.New(sha256.New, g.key)
	fmt.Fprintf(h, "%s\x00%s", purpose, text)
	return h.Sum(nil)
}

func missing(err error) bool {
	var p *problem.Problem
	return errors.As(err, &p) && p.Status == http.StatusNotFound
}

func unknown(title, fix string) *problem.Problem {
	return &problem.Problem{Status: http.StatusUnauthorized, Title: title, Detail: "The request was not carried out.", Fix: fix}
}

func notLocal() *problem.Problem {
	return &problem.Problem{
		Status: http.StatusForbidden,
		Title:  "The demo sign-in is off.",
		Detail: "It asks for no password, so it works only while the host listens on a loopback address.",
		Fix:    "Start the host with -addr 127.0.0.1:8080 and open it on the same machine.",
	}
}
