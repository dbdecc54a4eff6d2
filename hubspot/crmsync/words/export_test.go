package words

import (
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// WordsOfNotes lists the codes that notes have words of their own for.
func WordsOfNotes() []string {
	var out []string
	for c := range sayingOfNotes {
		out = append(out, string(c))
	}
	return out
}

// Words tells a code's words.
func Words(c string, names ...string) (title, meaning, fix string, known bool) {
	return WordsOf(kinds.EntityContact, c, names...)
}

// WordsOf tells a code's words about a type of sync record.
func WordsOf(entity, c string, names ...string) (title, meaning, fix string, known bool) {
	t := Tell(verdict.Code(c), entity, names)
	_, known = lookUp(verdict.Code(c), entity)
	return t.Title, t.Meaning, t.Fix, known
}
