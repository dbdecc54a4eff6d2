package demoapi

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

func writeJSON(w http.ResponseWriter, status int, out any) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if out == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(out) // the client has gone if this fails
}

func allowed(r route) string { return strings.Join(slices.Sorted(maps.Keys(r)), ", ") }
