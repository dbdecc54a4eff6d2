package console

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"path"
	"strings"
)

//go:embed assets/console.css assets/console.js
var assetFiles embed.FS

//go:embed templates/*.html
var templateFiles embed.FS

const assetFolder = "/_assets/files/" // "_assets" cannot be a plugin id

// asset is one file that pages link to. Its name holds a hash of its content,
// so that it may be cached for ever.
type asset struct {
	name, media string
	content     []byte
}

func loadAssets() (map[string]asset, error) {
	out := map[string]asset{}
	for file, media := range map[string]string{"console.css": "text/css; charset=utf-8", "console.js": "text/javascript; charset=utf-8"} {
		content, err := assetFiles.ReadFile("assets/" + file)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(content)
		ext := path.Ext(file)
		out[file] = asset{strings.TrimSuffix(file, ext) + "." + hex.EncodeToString(sum[:6]) + ext, media, content}
	}
	return out, nil
}

// head is what a page's head needs.
func (c *Console) head() template.HTML {
	at := template.HTMLEscapeString(c.cfg.BasePath + assetFolder)
	return template.HTML(`<link rel="stylesheet" href="` + at + c.assets["console.css"].name + `">` +
		`<script src="` + at + c.assets["console.js"].name + `" defer></script>`)
}

// serveAsset needs no identity: the files are the same for everybody.
func (c *Console) serveAsset(w http.ResponseWriter, r *http.Request) {
	for _, a := range c.assets {
		if a.name == r.PathValue("file") {
			w.Header().Set("Content-Type", a.media)
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			w.Header().Set("X-Content-Type-Options", "nosniff")
			_, _ = w.Write(a.content)
			return
		}
	}
	http.NotFound(w, r)
}
