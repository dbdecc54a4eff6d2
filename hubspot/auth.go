package hubspot

import "net/http"

// auth puts the token into each attempt's Authorization header. It is the only
// place that sees the token, and it refuses every host but the configured one.
type auth struct {
	token func() string
	host  string
	next  http.RoundTripper
}

func newAuth(token func() string, host string, next http.RoundTripper) *auth {
	return &auth{token: token, host: host, next: next}
}

// RoundTrip asks for the current token and sends a copy of the request with it.
func (a *auth) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != a.host {
		return nil, &failure{code: CodeRedirect, unsent: true}
	}
	token := a.token()
	if !sendable(token) {
		return nil, &failure{code: CodeNoToken, unsent: true}
	}
	out := req.Clone(req.Context())
	out.Header.Set("Authorization", "Bearer "+token)
	return a.next.RoundTrip(out)
}

// sendable reports whether a token can stand in a header: visible ASCII only.
// A pasted line break must not become a second header.
func sendable(token string) bool {
	if token == "" || len(token) > 4096 {
		return false
	}
	for i := range len(token) {
		if token[i] <= ' ' || token[i] > '~' {
			return false
		}
	}
	return true
}
