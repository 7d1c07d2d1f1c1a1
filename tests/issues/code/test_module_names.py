"""A module or package that lies elsewhere than the file contradicts it; one that tells nothing of folders does not."""

from __future__ import annotations

import pytest

from booty.observability.issues.code.module_names import fits


@pytest.mark.parametrize(
    ("module", "file"),
    [
        ("shop.cart", "shop/cart.py"),
        ("shop.cart", "src/shop/cart.py"),
        ("src.shop.cart", "src/shop/cart.py"),
        ("shop", "backend/shop/__init__.py"),
        ("shop.api", "backend/shop/api/__init__.py"),
        ("odoo.addons.sales.models.order", "sales/models/order.py"),
        ("__main__", "manage.py"),
        ("cart", "anything/cart.py"),
        (None, "app/server.py"),
        ("", "app/server.py"),
        ("com.acme.Cart", "src/main/java/com/acme/Cart.java"),
        ("com.acme.Cart$Line", "src/main/java/com/acme/Cart.java"),
        ("Cart", "Cart.java"),
        ("com.acme.shop.CartKt", "app/src/main/kotlin/com/acme/shop/Cart.kt"),
        ("com.acme.shop.CartKt", "src/main/kotlin/shop/Cart.kt"),
        ("com.acme.shop.CartKt", "src/main/kotlin/Cart.kt"),
        ("github.com/acme/shop/internal/cart", "internal/cart/cart.go"),
        ("github.com/acme/shop/v2/internal/cart", "internal/cart/cart.go"),
        ("acme.dev/api/internal/cart", "services/api/internal/cart/cart.go"),
        ("gopkg.in/acme/yaml%2ev3/parse", "parse/parse.go"),
        ("github.com/upstream/Shop/internal/cart", "internal/cart/cart.go"),
        ("acme.dev/shop", "cart.go"),
        ("github.com/acme/shop", "shop.go"),
        ("main", "cmd/app/main.go"),
        ("other.thing", "src/cart.ts"),
        ("checkout/cart", "src/checkout/cart.tsx"),
        ("./src/checkout/cart", "web/src/checkout/cart.tsx"),
        ("checkout.lib:cart", "src/checkout/lib/cart.ts"),
        ("static/chunks/pages/cart", "pages/cart.js"),
        ("assets/main-4f2a", "src/cart.ts"),
        ("cart", "src/cart.ts"),
        ("Acme.Shop.Cart", "src/Web/Cart.cs"),
        ("Acme.Other", "lib/shop/cart.ex"),
        ("x.y", "Makefile"),
    ],
)
def test_a_module_may_be_the_file_that_its_language_keeps_it_in(module: str | None, file: str) -> None:
    assert fits(module, file, home="github.com/acme/shop")


@pytest.mark.parametrize(
    ("module", "file"),
    [
        ("other.pkg.server", "app/server.py"),
        ("other.pkg.server", "server.py"),
        ("flask.app", "app.py"),
        ("requests.sessions", "shop/sessions.py"),
        ("celery.app.base", "shop/app/base.py"),
        ("django.http.request", "request/__init__.py"),
        ("com.other.Cart", "src/main/java/com/acme/Cart.java"),
        ("com.acme.Cart", "Cart.java"),
        ("com.other.shop.CartKt", "src/main/kotlin/com/acme/shop/Cart.kt"),
        ("scala.collection.Seq", "core/src/main/scala/com/acme/Seq.scala"),
        ("net/http", "server/server.go"),
        ("net/http", "pkg/http/server.go"),
        ("github.com/other/conc/pool", "internal/server/server.go"),
        ("github.com/other/conc", "server.go"),
        ("github.com/other/conc/internal/server", "internal/server/server.go"),
        ("golang.org/x/net", "server.go"),
        ("express.lib.router:layer", "src/layer.js"),
        ("other/pkg/server", "app/server.js"),
    ],
)
def test_a_module_that_is_kept_elsewhere_is_not_the_file(module: str, file: str) -> None:
    assert not fits(module, file, home="github.com/acme/shop")
