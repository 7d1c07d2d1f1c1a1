"""A file of somebody else's package is known by its folder, whatever the SDK says of it."""

from __future__ import annotations

import time

import pytest

from booty.observability.alerts.stack.dependencies import is_dependency

THEIRS = """
/usr/local/lib/python3.11/site-packages/flask/app.py
/usr/lib/python3/dist-packages/gi/overrides/GLib.py
/usr/local/lib/python3.11/asyncio/base_events.py
/usr/lib64/python3.9/socket.py
/home/me/.pyenv/versions/3.12.1/lib/python3.12/threading.py
/opt/pypy/lib/pypy3.10/json/decoder.py
C:\\Python311\\Lib\\asyncio\\base_events.py
C:\\shop\\.venv\\Lib\\site-packages\\requests\\api.py
/srv/shop/venv/bin/gunicorn
/srv/shop/.tox/py311/bin/pytest
/srv/shop/eggs/redis-4.5.1-py3.9.egg/redis/client.py
/var/runtime/bootstrap.py
/var/lang/lib/python3.12/importlib/__init__.py
/app/node_modules/express/lib/router/layer.js
node_modules/react-dom/cjs/react-dom.production.min.js
./node_modules/next/dist/server/base-server.js
/app/node_modules/.pnpm/koa@2.14.2/node_modules/koa/lib/application.js
/srv/.pnpm-store/v3/files/x.js
/app/.yarn/cache/lodash-npm-4.17.21.zip/node_modules/lodash/lodash.js
~/lodash/lodash.js
/~/lodash/lodash.js
external "react"
/external commonjs2 "pg"
webpack/bootstrap
webpack/bootstrap 4f2a1b
webpack/runtime/make namespace object
(webpack)/buildin/module.js
bower_components/jquery/dist/jquery.js
node:internal/process/task_queues
npm/vue@3.4.21/dist/vue.global.js
/root/go/pkg/mod/github.com/other/conc@v0.3.0/server.go
/go/pkg/mod/golang.org/x/net@v0.20.0/http2/server.go
github.com/other/conc@v0.3.0/server.go
/usr/local/go/src/runtime/panic.go
/usr/lib/go-1.21/src/net/http/server.go
/usr/lib/golang/src/net/http/server.go
/home/me/sdk/go1.22.1/src/sync/pool.go
C:/Program Files/Go/src/net/http/server.go
/opt/hostedtoolcache/go/1.22.1/x64/src/net/http/server.go
/usr/local/Cellar/go/1.21.0/libexec/src/net/http/server.go
/src/vendor/github.com/lib/pq/conn.go
vendor/github.com/lib/pq/conn.go
/usr/local/bundle/gems/activerecord-7.1.2/lib/active_record/core.rb
/app/vendor/bundle/ruby/3.2.0/gems/puma-6.4.0/lib/puma/server.rb
/usr/local/bundle/bundler/gems/rails-0a1b2c3d4e5f/activesupport/lib/active_support.rb
/usr/local/lib/ruby/3.2.0/net/http.rb
/usr/lib/ruby/vendor_ruby/rake.rb
gems/sidekiq-7.2.0/lib/sidekiq/processor.rb
/usr/local/cargo/registry/src/index.crates.io-6f17d22bba15001f/tokio-1.35.1/src/runtime/park.rs
/home/me/.cargo/git/checkouts/axum-1a2b3c/src/lib.rs
/rustc/82e1608dfa6e0b5569232559e3d385fea5a93112/library/core/src/panicking.rs
library/std/src/panicking.rs
/root/.rustup/toolchains/stable-x86_64/lib/rustlib/src/rust/library/alloc/src/vec.rs
/root/.m2/repository/org/springframework/spring-web/6.1.1/Foo.java
/home/me/.gradle/caches/modules-2/files-2.1/Foo.kt
/app/libs/guava-31.1.jar!/com/google/common/Lists.java
/app/BOOT-INF/lib/x/Foo.java
/vendor/laravel/framework/src/Illuminate/Routing/Router.php
/var/www/html/vendor/symfony/http-kernel/HttpKernel.php
/usr/share/php/PEAR.php
phar:///usr/local/bin/composer.phar/src/Composer/Factory.php
deps/phoenix/lib/phoenix/router.ex
/app/deps/cowboy/src/cowboy_handler.erl
/app/_build/prod/lib/ecto/lib/ecto/repo.ex
/usr/local/lib/elixir/lib/elixir/lib/enum.ex
C:\\Users\\me\\.nuget\\packages\\dapper\\2.1.24\\lib\\SqlMapper.cs
/usr/share/dotnet/shared/Microsoft.AspNetCore.App/Hosting.cs
/Users/me/shop/Pods/Alamofire/Source/Session.swift
/Users/me/Library/Developer/Xcode/DerivedData/Shop-x/SourcePackages/checkouts/swift-nio/Sources/NIO/Loop.swift
/Applications/Xcode.app/Contents/Developer/Toolchains/x.swift
/home/me/.pub-cache/hosted/pub.dev/dio-5.4.0/lib/src/dio.dart
/usr/include/c++/12/bits/vector.tcc
third_party/abseil/strings/str_cat.cc
"""
OURS = """
app/x.py
src/shop/cart.py
/srv/booty/releases/3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2/app/x.py
/usr/src/app/shop/cart.py
/var/task/handler.py
/var/lib/shop/jobs.py
/home/me/python3/shop/cart.py
lib/python/cart.py
src/lib/ruby/cart.rb
app/deps/auth.py
deps/auth.py
src/external/stripe.py
app/services/external/stripe.rb
src/vendors/stripe.ts
app/Http/Controllers/Vendor/OrderController.php
internal/pods/list.go
/go/src/github.com/acme/shop/cmd/app/main.go
/build/go/src/server.go
pkg/mod.go
gems/core/app/models/user.rb
engines/core/app/models/user.rb
/var/www/html/app/Http/Cart.php
/usr/share/nginx/html/index.php
webpack/config.js
tools/webpack/bootstrap.js
src/current/cart.py
/var/jenkins/workspace/shop@2/src/main.c
library/core/src/main.ts
crates/library/src/lib.rs
Cart.java
src/main/java/com/acme/Cart.java
lib/shop/cart.ex
C:\\build\\agent\\src\\Shop\\Cart.cs
Sources/Shop/Cart.swift
packages/nuget/README.md
"""


@pytest.mark.parametrize("path", THEIRS.split("\n")[1:-1])
def test_knows_what_tools_and_systems_bring(path: str) -> None:
    assert is_dependency(path)


@pytest.mark.parametrize("path", OURS.split("\n")[1:-1])
def test_leaves_the_folders_that_people_make_themselves(path: str) -> None:
    assert not is_dependency(path)


def test_one_of_the_names_of_a_file_is_enough() -> None:
    assert is_dependency("flask/app.py", "/usr/lib/python3.11/site-packages/flask/app.py")
    assert not is_dependency("shop/cart.py", None)
    assert not is_dependency(None, None)


@pytest.mark.parametrize("path", ["deps/a/" * 40_000, "@" * 200_000, "/" * 200_000, "lib/" * 50_000, "go-1." * 40_000])
def test_looks_at_a_bounded_part_of_a_path(path: str) -> None:
    began_at = time.process_time()
    is_dependency(path)

    assert time.process_time() - began_at < 0.05
