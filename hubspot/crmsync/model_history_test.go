package crmsync_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// history tells how a member's contact came to be as it is: two runs of one seed
// differ, and what failed once may not fail again.
func (w *world) history(s *soul, of ...string) string {
	var out strings.Builder
	of = append(of, s.m.ID)
	for _, who := range []*soul{s, s.rival} {
		if who == nil {
			continue
		}
		of = append(of, who.m.ID, who.mixed.ID)
		var links []string
		must(w.t, w.replicas[0].db.NewRaw(`select row_to_json(l)::text from hubspot_identity_link l where key = ?`, who.m.ID).Scan(context.Background(), &links))
		fmt.Fprintf(&out, "member %s: lives %v, known %q, typed %v, parted %v, address %s, merged with %s; links %v\n",
			who.m.ID, who.lives, who.known, who.typed, who.parted, who.m.Email, who.mixed.ID, links)
	}
	for _, r := range w.sim.Requests() {
		if lines := mentions(r.Body, of); len(lines) > 0 {
			fmt.Fprintf(&out, "%d %s %s: %d %s %s\n", r.Seq, r.Method, r.Path, r.Status, r.Fault, strings.Join(lines, " "))
		}
	}
	return out.String()
}

// mentions are the lines of a batch in which any of the words stands.
func mentions(body []byte, words []string) []string {
	var batch struct {
		Inputs []json.RawMessage `json:"inputs"`
	}
	if json.Unmarshal(body, &batch) != nil {
		return nil
	}
	var out []string
	for _, in := range batch.Inputs {
		for _, word := range words {
			if word != "" && strings.Contains(string(in), `"`+word+`"`) {
				out = append(out, string(in))
				break
			}
		}
	}
	return out
}
