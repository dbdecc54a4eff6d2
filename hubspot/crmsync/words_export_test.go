package crmsync

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
	return WordsOf(entityContact, c, names...)
}

// WordsOf tells a code's words about a type of sync record.
func WordsOf(entity, c string, names ...string) (title, meaning, fix string, known bool) {
	t := tell(code(c), entity, names)
	_, known = lookUp(code(c), entity)
	return t.title, t.meaning, t.fix, known
}
