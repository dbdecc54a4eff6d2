package console

import (
	"bytes"
	"html/template"
	"net/http"

	"github.com/memberpulse/hubspotplugin/integration"
)

// pageRoute is one line of the pages: what it asks for and what it shows.
type pageRoute struct {
	method string
	path   string // under the base path
	may    integration.Permission
	has    func(integration.Plugin) bool
	show   func(*Console, *call) error
}

// pageRoutes is every page and every form post. What a form does is what the
// API's route of the same name does.
func pageRoutes() []pageRoute {
	connector, runner, logger := can[integration.Connector], can[integration.Runner], can[integration.SyncLogger]
	mapper, matcher, tagger := can[integration.PropertyMapper], can[integration.Matcher], can[integration.Tagger]
	back := (*Console).goBack
	return []pageRoute{
		{"GET", "/{id}", integration.PermView, nil, (*Console).showIntegration},
		{"POST", "/{id}/connect", integration.PermConfigure, connector, (*Console).postConnect},
		{"GET", "/{id}/settings", integration.PermOperate, nil, (*Console).showSettings},
		{"POST", "/{id}/settings", integration.PermConfigure, nil, (*Console).postSettings},
		{"POST", "/{id}/test", integration.PermOperate, connector, (*Console).postTest},
		{"POST", "/{id}/pause", integration.PermOperate, connector, (*Console).postPause},
		{"POST", "/{id}/resume", integration.PermOperate, connector, (*Console).postResume},
		{"POST", "/{id}/recheck", integration.PermOperate, connector, (*Console).postRecheck},
		{"POST", "/{id}/sync", integration.PermConfigure, runner, (*Console).postSync},
		{"POST", "/{id}/retry", integration.PermOperate, logger, (*Console).postRetryAll},
		{"GET", "/{id}/disconnect", integration.PermConfigure, connector, (*Console).showDisconnect},
		{"POST", "/{id}/disconnect", integration.PermConfigure, connector, (*Console).postDisconnect},
		{"GET", "/{id}/log", integration.PermView, logger, (*Console).showLog},
		{"GET", "/{id}/log/{record}", integration.PermView, logger, (*Console).showRecord},
		{"POST", "/{id}/log/{record}/retry", integration.PermOperate, logger, (*Console).postRetry},
		{"GET", "/{id}/property-mapping", integration.PermOperate, mapper, (*Console).showMapping},
		{"POST", "/{id}/property-mapping", integration.PermConfigure, mapper, (*Console).postMapping},
		{"GET", "/{id}/matching", integration.PermOperate, matcher, (*Console).showMatching},
		{"POST", "/{id}/matching", integration.PermConfigure, matcher, (*Console).postMatching},
		{"GET", "/{id}/tags", integration.PermView, tagger, (*Console).showTags},
		{"POST", "/{id}/tags/confirm", integration.PermConfigure, tagger, (*Console).postConfirmTags},
		{"GET", "/{id}/members/{member}/tags", integration.PermOperate, tagger, (*Console).showMemberTags},
		{"POST", "/{id}/members/{member}/tags/{tag}", integration.PermConfigure, tagger, (*Console).postMemberTag},
		// The address that a refused form post leaves in the browser.
		{"GET", "/{id}/tags/confirm", integration.PermView, tagger, backTo("/tags")},
		{"GET", "/{id}/members/{member}/tags/{tag}", integration.PermOperate, tagger, (*Console).backToMember},
		{"GET", "/{id}/connect", integration.PermView, nil, (*Console).backToForm},
		{"GET", "/{id}/test", integration.PermView, nil, (*Console).backToForm},
		{"GET", "/{id}/pause", integration.PermView, nil, back},
		{"GET", "/{id}/resume", integration.PermView, nil, back},
		{"GET", "/{id}/recheck", integration.PermView, nil, back},
		{"GET", "/{id}/sync", integration.PermView, nil, back},
		{"GET", "/{id}/retry", integration.PermView, nil, back},
	}
}

func (c *Console) loadPages() error {
	var err error
	if c.assets, err = loadAssets(); err != nil {
		return err
	}
	c.pages, err = template.New("").Funcs(template.FuncMap{
		"prose": prose, "number": number, "count": count, "icon": icon, "initial": initial, "state": stateOf, "dict": dict, "retryLabel": retryLabel,
		"headline": headline, "remainder": remainder,
	}).ParseFS(templateFiles, "templates/*.html")
	return err
}

func (c *Console) routePages() {
	byPath := map[string][]pageRoute{}
	for _, rt := range pageRoutes() {
		byPath[rt.path] = append(byPath[rt.path], rt)
	}
	for path, routes := range byPath {
		c.mux.HandleFunc(c.cfg.BasePath+path, func(w http.ResponseWriter, r *http.Request) { c.servePage(w, r, routes) })
	}
	list := []pageRoute{{"GET", "", integration.PermView, nil, (*Console).showList}}
	c.mux.HandleFunc(c.cfg.BasePath, func(w http.ResponseWriter, r *http.Request) { c.servePage(w, r, list) })
	c.mux.HandleFunc(c.cfg.BasePath+"/", func(w http.ResponseWriter, r *http.Request) { c.servePage(w, r, nil) })
	c.mux.HandleFunc("GET "+c.cfg.BasePath+assetFolder+"{file}", c.serveAsset)
}

func (c *Console) servePage(w http.ResponseWriter, r *http.Request, routes []pageRoute) {
	k, cancel, err := c.begin(w, r)
	defer cancel()
	defer c.recovered(k, func(p *problem) { c.showProblem(k, p) })
	if err == nil {
		err = c.runPage(k, routes)
	}
	if err != nil {
		c.showProblem(k, c.refuse(k, err))
	}
}

func (c *Console) runPage(k *call, routes []pageRoute) error {
	if len(routes) == 0 {
		if k.r.URL.Path == c.cfg.BasePath+"/" {
			http.Redirect(k.w, k.r, c.cfg.BasePath, http.StatusMovedPermanently)
			return nil
		}
		return missing()
	}
	rt, ok := pick(routes, k.r.Method, func(rt pageRoute) string { return rt.method })
	if !ok {
		return wrongMethod(methods(routes, func(rt pageRoute) string { return rt.method }))
	}
	if rt.path == "" {
		if !k.who.May(rt.may) {
			return forbidden(k.who, rt.may)
		}
		return rt.show(c, k)
	}
	if err := c.admit(k, rt.may, rt.has); err != nil {
		return err
	}
	return rt.show(c, k)
}

// render sends the named page within the host's frame. It is complete before
// the first byte is sent, so that a mistake is a clear answer and never half a
// page.
func (c *Console) render(k *call, status int, name, title string, data any) error {
	var body bytes.Buffer
	if err := c.pages.ExecuteTemplate(&body, name, data); err != nil {
		return err
	}
	page := Page{Title: title, Status: status, Head: c.head(), Body: template.HTML(body.String()), Identity: k.who}
	var out bytes.Buffer
	framed := false
	if c.cfg.Frame != nil {
		if err := c.cfg.Frame(&out, k.r, page); err != nil {
			c.cfg.Logger.ErrorContext(k.ctx(), "console: the host's frame", "request", k.id, "error", err.Error())
			out.Reset()
		} else {
			framed = true
		}
	}
	if !framed {
		if err := c.pages.ExecuteTemplate(&out, "frame", page); err != nil {
			return err
		}
	}
	k.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	k.w.WriteHeader(status)
	_, _ = k.w.Write(out.Bytes()) // the client is gone if this fails
	return nil
}

type problemView struct {
	view
	SignIn string
}

// showProblem is the page of a refusal that has no better page.
func (c *Console) showProblem(k *call, p *problem) {
	v := problemView{view: c.newView(k)}
	v.Problem, v.Retry = p, c.face(k).atPointer(p.RetryAt)
	if p.Status == http.StatusUnauthorized {
		v.SignIn = c.cfg.SignInPath
	}
	c.problemHeader(k.w, p)
	if err := c.render(k, p.Status, "problem", p.Title, v); err != nil {
		c.cfg.Logger.ErrorContext(k.ctx(), "console: problem page", "request", k.id, "error", err.Error())
		http.Error(k.w, p.Title, p.Status)
	}
}

// goBack leads from the address of a form post to the page of the form.
func (c *Console) goBack(k *call) error { return c.redirect(k, c.self(k)) }

func (c *Console) redirect(k *call, to string) error {
	http.Redirect(k.w, k.r, to, http.StatusSeeOther)
	return nil
}
