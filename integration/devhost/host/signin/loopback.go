package signin

import (
	"net"
	"net/http"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// Loopback reports whether addr ("127.0.0.1:8080", "[::1]:0", "localhost:80")
// can be reached from this machine only. An address without a host listens
// everywhere.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = addr
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// LocalHostOnly refuses requests that are addressed to another name than this
// machine's loopback. A foreign web page can make a browser send requests here
// under a name of its own (DNS rebinding); a browser cannot lie about the name.
// Without loopback it refuses nothing: then nobody is let in anyway.
func (g *Gate) LocalHostOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.loopback && !Loopback(r.Host) {
			problem.Write(w, &problem.Problem{
				Status: http.StatusMisdirectedRequest,
				Title:  "This host answers on its loopback address only.",
				Detail: "The request was addressed to another name.",
				Fix:    "Open http://127.0.0.1 or http://localhost with the host's port.",
			})
			return
		}
		next.ServeHTTP(w, r)
	})
}
