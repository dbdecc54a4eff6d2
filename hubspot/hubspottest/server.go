package hubspottest

import (
	"net/http/httptest"
	"testing"
)

// Server is a simulator behind a loopback listener.
type Server struct {
	*Simulator
	URL string // such as http://127.0.0.1:40123, without a slash at the end
}

// NewServer starts a simulator with its portals and closes it, and every connection
// that is still open, when the test ends.
func NewServer(t testing.TB, opts Options, portals ...Portal) *Server {
	t.Helper()
	s := New(opts)
	for _, p := range portals {
		s.AddPortal(p)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
	})
	return &Server{Simulator: s, URL: srv.URL}
}
